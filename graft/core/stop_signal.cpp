#include "graft/core/stop_signal.h"

#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>

#include "graft/core/files.h"

namespace graft {
namespace {

constexpr std::int64_t repeated_milliseconds = 500;

volatile std::sig_atomic_t stop_received = 0;
volatile std::sig_atomic_t reload_received = 0;
std::int64_t received_at = 0;  // milliseconds

void end_by(int number) {
  remove_temporaries();
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

struct sigaction action_of(void (*handler)(int)) {
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = static_cast<int>(SA_NODEFER) | SA_RESTART;
  return action;
}

constexpr std::array stops = {SIGINT, SIGTERM};
std::array<struct sigaction, stops.size()> before;
struct sigaction before_reload = {};

}  // namespace

StopSignal::StopSignal() {
  const struct sigaction action = action_of(stop_or_end_by);
  for (std::size_t i = 0; i < stops.size(); ++i) sigaction(stops[i], &action, &before[i]);
}

StopSignal::~StopSignal() {
  for (std::size_t i = 0; i < stops.size(); ++i) sigaction(stops[i], &before[i], nullptr);
}

int StopSignal::received() { return stop_received; }

ReloadSignal::ReloadSignal() {
  const struct sigaction action = action_of([](int) { reload_received = 1; });
  sigaction(SIGHUP, &action, &before_reload);
}

ReloadSignal::~ReloadSignal() { sigaction(SIGHUP, &before_reload, nullptr); }

bool ReloadSignal::take() {
  const bool received = reload_received != 0;
  if (received) reload_received = 0;
  return received;
}

void end_cleanly_at_signals() {
  const struct sigaction action = action_of(end_by);
  for (const int number : {SIGHUP, SIGINT, SIGTERM}) {
    struct sigaction current = {};
    sigaction(number, nullptr, &current);
    if (current.sa_handler == SIG_DFL) sigaction(number, &action, nullptr);  // nohup ignores SIGHUP
  }
}

}  // namespace graft
