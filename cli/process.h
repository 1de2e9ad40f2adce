// The process of the program: its memory, its standard streams, the signals that stop it.
#pragma once

namespace graft::cli {

// Keeps freed memory for later use. By default, the C library returns large pieces to the system, which
// clears each one that it gives again; tensors of the same sizes come and go with every batch, and clearing
// takes a third of the time of a small network's prediction. Called once, before anything else.
void keep_freed_memory();

// Opens those of standard input, output and error without which the process was started, so that no file that
// is opened later takes their place. Called once, before anything else.
void keep_standard_streams();

// During its life the first SIGINT or SIGTERM is recorded; a second one ends the process. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // The number of the signal that came, or 0.
  static int received();
};

}  // namespace graft::cli
