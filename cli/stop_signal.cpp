#include "cli/stop_signal.h"

#include <csignal>
#include <initializer_list>

namespace graft::cli {
namespace {

volatile std::sig_atomic_t came = 0;

void remember(int number) { came = number; }

void act(int number, void (*handler)(int), int flags) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = flags;
  sigaction(number, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() {
  came = 0;
  // The handler is for one signal: after it the next one has its usual effect.
  for (const int number : {SIGINT, SIGTERM})
    act(number, remember, static_cast<int>(SA_RESETHAND) | SA_RESTART);
}

StopSignal::~StopSignal() {
  for (const int number : {SIGINT, SIGTERM}) act(number, SIG_DFL, 0);
}

int StopSignal::received() { return came; }

}  // namespace graft::cli
