// Ctrl-C and SIGTERM, remembered for a long piece of work.
#pragma once

namespace graft::cli {

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
