// outputs_val.safetensors (run_tables.h).
#include <cstring>
#include <utility>

#include "graft/core/error.h"
#include "graft/run/run_tables.h"
#include "graft/weights/state_dict.h"

namespace graft {

namespace {

TensorView view_of(const std::vector<float>& numbers, std::vector<std::int64_t> shape) {
  return {DType::float32,
          std::move(shape),
          {reinterpret_cast<const std::uint8_t*>(numbers.data()), numbers.size() * sizeof(float)}};
}

std::vector<float> numbers_of(const TensorView& view) {
  std::vector<float> numbers(static_cast<std::size_t>(view.count()));
  if (!numbers.empty()) std::memcpy(numbers.data(), view.bytes.data(), view.bytes.size());
  return numbers;
}

bool has_rows(const TensorView& view, std::size_t rows, std::size_t dimensions) {
  return view.dtype == DType::float32 && view.shape.size() == dimensions &&
         view.shape[0] == static_cast<std::int64_t>(rows);
}

[[noreturn]] void refuse_rows(const std::filesystem::path& path, const char* what, std::size_t rows) {
  throw Error(path.string(),
              std::string("does not hold the ") + what + " of the run's " + std::to_string(rows) + " rows",
              "train the run again");
}

}  // namespace

void write_outputs(const std::filesystem::path& path, const Outcomes& outcomes) {
  const auto rows = static_cast<std::int64_t>(outcomes.outcomes.size());
  std::vector<NamedTensor> tensors = {
      {"outputs", view_of(outcomes.outputs, {rows, static_cast<std::int64_t>(outcomes.num_outputs())})}};
  if (!outcomes.distances.empty()) tensors.push_back({"distances", view_of(outcomes.distances, {rows})});
  write_safetensors(path, tensors, {{"format", "graft-outputs"}});
}

std::vector<float> read_outputs(const std::filesystem::path& path, std::size_t rows) {
  const StateDict file = read_safetensors(path);
  const TensorView* outputs = file.find("outputs");
  if (outputs == nullptr || !has_rows(*outputs, rows, 2)) refuse_rows(path, "outputs", rows);
  return numbers_of(*outputs);
}

std::vector<float> read_distances(const std::filesystem::path& path, std::size_t rows) {
  const StateDict file = read_safetensors(path);
  const TensorView* distances = file.find("distances");
  if (distances == nullptr) return {};
  if (!has_rows(*distances, rows, 1)) refuse_rows(path, "distances", rows);
  return numbers_of(*distances);
}

}  // namespace graft
