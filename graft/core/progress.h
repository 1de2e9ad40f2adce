// The progress of a long operation, as a value for a caller that shows it, and as a line for a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace graft {

struct Progress {
  std::string what;         // "resnet18-f37072fd.pth", "epoch 3 train"
  std::uint64_t done = 0;   // units finished
  std::uint64_t total = 0;  // 0 when unknown
  const char* unit = "";    // "B" for bytes, "images"
  // More text to show ("loss 0.31"), or empty. May be slow: call it only when the text is shown.
  std::function<std::string()> note = {};
};

// Both may be empty. Called from the thread that started the operation.
using ProgressCallback = std::function<void(const Progress&)>;
using WarningCallback = std::function<void(const std::string&)>;  // a sentence

// A line for a terminal that shows how far an operation has come.
//
//   ProgressLine line;
//   observer.progress = [&](const Progress& progress) {
//     const std::string text = line.next(progress, terminal_columns(STDERR_FILENO));
//     if (!text.empty()) std::fprintf(stderr, "\r\033[K%s", text.c_str());
//   };
class ProgressLine {
 public:
  using Clock = std::chrono::steady_clock;

  // "epoch 3 train [████████████            ] 122/244 images  61/s  loss 0.31  2 s left", with control
  // characters escaped (core/escape.h). The rate is the mean since the first line of an operation, which
  // Progress::what names. Empty where the last line is less than 0.1 s old and the operation is not done. In
  // a terminal of `columns` the bar is shorter or left out and the line is cut, so that it takes one row; 0:
  // any length.
  std::string next(const Progress& progress, int columns = 0, Clock::time_point now = Clock::now());

 private:
  std::string what_;
  std::uint64_t done_at_start_ = 0;
  Clock::time_point start_, last_;
};

// The width of the terminal, in characters; 0 if the descriptor is none or does not say.
int terminal_columns(int descriptor);

}  // namespace graft
