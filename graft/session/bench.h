// Benchmarks: the images per second of each part of the work on this machine. This header does not include
// torch.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/session/request.h"
#include "graft/train/recipe.h"

namespace graft {

// The recipe that is measured: a preset's with three epochs and without pretrained weights, on which no row
// depends. The rows are compared with those of other programs for the tutorial's scenarios (docs/speed.md),
// so that fine-tuning is the default.
inline constexpr const char* bench_preset = "finetune";
Recipe bench_recipe(const std::string& preset = bench_preset);

struct BenchRequest {
  std::string data;
  std::vector<std::string> rows = {};  // of bench_rows(); empty: all
  Recipe recipe = bench_recipe();      // its epochs are the passes of each row
  // The options of `recipe` that the user gave: one without effect on the rows is a UsageError.
  GivenOptions given = {};
};

struct BenchPass {
  double seconds = 0;
  std::int64_t images = 0;
  std::optional<double> bytes_an_image;  // row "index": memory per image
};

struct BenchRow {
  std::string name, what;  // "pipeline-train", "reading and augmenting the training pictures"
  std::vector<BenchPass> passes;
  std::string device;           // for people
  int threads = 0;              // within an operator
  std::int64_t input_size = 0;  // side of the network's input, in pixels
};

// One line of JSON without the newline.
std::string to_json(const BenchRow& row);
// A line for people, with its end: the name, the images/s of each pass, and what is measured.
std::string to_text(const BenchRow& row);

// The names of the rows, in the order of measurement.
std::vector<std::string> bench_rows();

// Calls `each` after every row. Throws Error and UsageError.
void run_bench(const BenchRequest& request, const std::function<void(const BenchRow&)>& each,
               const Observer& observer = {});

}  // namespace graft
