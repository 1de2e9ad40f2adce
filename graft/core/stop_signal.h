// The signals that ask a program to stop: SIGINT (Ctrl-C) and SIGTERM. For programs; a library does not
// change signals.
#pragma once

namespace graft {

// During its life the first signal is recorded. Another one, more than half a second later, ends the process
// with the usual effect of the signal: timeout(1) sends one stop twice, to the process and to its group. One
// at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // The number of the signal that came, or 0.
  static int received();
};

// SIGHUP as the request to read files again, during its life.
class ReloadSignal {
 public:
  ReloadSignal();
  ~ReloadSignal();
  ReloadSignal(const ReloadSignal&) = delete;
  ReloadSignal& operator=(const ReloadSignal&) = delete;

  // Whether the signal came since the last call.
  static bool take();
};

// Lets SIGHUP, SIGINT and SIGTERM, unless they are ignored, end the process as they do without this, but
// without temporary files (remove_temporaries), and also as process 1 of a container, where they would not.
void end_cleanly_at_signals();

}  // namespace graft
