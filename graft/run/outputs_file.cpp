// outputs_val.safetensors (run_tables.h).
#include <cstring>

#include "graft/core/error.h"
#include "graft/run/run_tables.h"
#include "graft/weights/state_dict.h"

namespace graft {

void write_outputs(const std::filesystem::path& path, const Outcomes& outcomes) {
  const TensorView view{DType::float32,
                        {static_cast<std::int64_t>(outcomes.outcomes.size()),
                         static_cast<std::int64_t>(outcomes.num_outputs())},
                        {reinterpret_cast<const std::uint8_t*>(outcomes.outputs.data()),
                         outcomes.outputs.size() * sizeof(float)}};
  const std::vector<NamedTensor> tensors = {{"outputs", view}};
  write_safetensors(path, tensors, {{"format", "graft-outputs"}});
}

std::vector<float> read_outputs(const std::filesystem::path& path, std::size_t rows) {
  const StateDict file = read_safetensors(path);
  const TensorView* outputs = file.find("outputs");
  if (outputs == nullptr || outputs->dtype != DType::float32 || outputs->shape.size() != 2 ||
      outputs->shape[0] != static_cast<std::int64_t>(rows))
    throw Error(path.string(), "does not hold the outputs of the run's " + std::to_string(rows) + " rows",
                "train the run again");
  std::vector<float> numbers(static_cast<std::size_t>(outputs->count()));
  if (!numbers.empty()) std::memcpy(numbers.data(), outputs->bytes.data(), outputs->bytes.size());
  return numbers;
}

}  // namespace graft
