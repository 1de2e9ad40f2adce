// The program as a process: its memory, its standard streams, the signals that stop it.
#pragma once

namespace graft::cli {

// Tensors of the same sizes come and go with every batch. The C library's default is to give large pieces
// back to the system at once and to ask for them again, and each time the system clears them: a third of the
// time of a small network's prediction. After this call freed memory is kept and used again. Called once,
// before anything else.
void keep_freed_memory();

// Makes standard input, output and error exist where the process was started without them: a file that is
// opened later must not take their place. Called once, before anything else.
void keep_standard_streams();

// While it stands, the first SIGINT or SIGTERM is remembered; a second one ends the process as ever. One at a
// time.
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
