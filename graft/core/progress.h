// The progress of a long operation, as a value for a caller that shows it.
#pragma once

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

}  // namespace graft
