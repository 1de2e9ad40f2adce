// A line for a terminal that shows how far an operation has come.
//
//   ProgressLine line;
//   observer.progress = [&](const Progress& progress) {
//     if (const std::string text = line.next(progress); !text.empty()) std::fprintf(stderr, "\r%s",
//     text.c_str());
//   };
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "graft/core/progress.h"

namespace graft {

class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;

  // "epoch 3 train [████████████            ] 122/244 images  61/s  loss 0.31  2 s left", with control
  // characters escaped (core/escape.h). The rate is the mean since the first line of an operation, which
  // Progress::what names. Empty where the last line is less than 0.1 s old and the operation is not done.
  std::string next(const Progress& progress, Clock::time_point now = Clock::now());

 private:
  std::string what_;
  std::uint64_t done_at_start_ = 0;
  Clock::time_point start_, last_;
};

}  // namespace graft
