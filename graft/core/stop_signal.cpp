#include "graft/core/stop_signal.h"

#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <ctime>

namespace graft {
namespace {

constexpr std::int64_t repeated_milliseconds = 500;

volatile std::sig_atomic_t stop_received = 0;
std::int64_t received_at = 0;  // milliseconds

void end_by(int number) {
  std::signal(number, SIG_DFL);
  std::raise(number);
  ::_exit(128 + number);
}

void stop_or_end_by(int number) {
  timespec now = {};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const std::int64_t milliseconds = std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
  if (stop_received == 0) {
    received_at = milliseconds;
    stop_received = number;
  } else if (milliseconds - received_at > repeated_milliseconds) {
    end_by(number);
  }
}

void act_on_stops(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_NODEFER) | SA_RESTART;
  for (const int number : {SIGINT, SIGTERM}) sigaction(number, &action, nullptr);
}

}  // namespace

StopSignal::StopSignal() { act_on_stops(stop_or_end_by); }

StopSignal::~StopSignal() { act_on_stops(::getpid() == 1 ? end_by : SIG_DFL); }

int StopSignal::received() { return stop_received; }

void end_process_1_at_stops() {
  if (::getpid() == 1) act_on_stops(end_by);
}

}  // namespace graft
