#include "graft/train/memory_estimate.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <string_view>
#include <unordered_set>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/device/autocast.h"
#include "graft/models/load.h"

namespace graft {
namespace {

// The results of all operators in this thread, for the lifetime of the object. Kept tensors hold their
// storages, so that each is counted once.
struct RecordedResults {
  std::vector<torch::Tensor> kept;
  std::unordered_set<const void*> given;    // storages of the network's own tensors
  std::unordered_set<const void*> needing;  // storages
  std::uint64_t needed = 0;                 // bytes of those that the backward pass may need
  std::uint64_t largest = 0;                // bytes
  bool single_values = false;               // of a channel, in a batch norm
};
thread_local RecordedResults* results = nullptr;

void record(const torch::Tensor& tensor) {
  if (!tensor.defined() || !tensor.has_storage()) return;
  const void* storage = tensor.storage().unsafeGetStorageImpl();
  if (results->given.contains(storage)) return;
  const auto bytes = static_cast<std::uint64_t>(tensor.storage().nbytes());
  results->largest = std::max(results->largest, bytes);
  results->kept.push_back(tensor);
  // An operator within another one gives the same storage before it has a gradient.
  if (tensor.requires_grad() && results->needing.insert(storage).second) results->needed += bytes;
}

void record_all(c10::ArrayRef<c10::IValue> values) {
  for (const c10::IValue& value : values) {
    if (value.isTensor()) record(value.toTensor());
    if (!value.isTensorList()) continue;
    for (const torch::Tensor& each : value.toTensorVector()) record(each);
  }
}

// The output of an operator of graft, which is not a function to libtorch, is the input of the next one.
std::unique_ptr<at::ObserverContext> record_inputs(const at::RecordFunction& function) {
  if (results != nullptr) record_all(function.inputs());
  return nullptr;
}

void record_outputs(const at::RecordFunction& function, at::ObserverContext*) {
  if (results == nullptr) return;
  if (std::string_view(function.name()).ends_with("batch_norm") && !function.outputs().empty() &&
      function.outputs()[0].isTensor()) {
    const torch::Tensor y = function.outputs()[0].toTensor();  // of one picture
    if (y.dim() > 1 && y.numel() == y.size(1)) results->single_values = true;
  }
  record_all(function.outputs());
}

class Recording {
 public:
  explicit Recording(RecordedResults& to)
      : handle_(at::addThreadLocalCallback(at::RecordFunctionCallback(record_inputs, record_outputs)
                                               .needsInputs(true)
                                               .needsOutputs(true)
                                               .scopes({at::RecordScope::FUNCTION}))) {
    results = &to;
  }
  ~Recording() {
    results = nullptr;
    at::removeCallback(handle_);
  }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

 private:
  at::CallbackHandle handle_;
};

std::uint64_t bytes_of(const std::vector<torch::Tensor>& tensors) {
  std::uint64_t bytes = 0;
  for (const torch::Tensor& each : tensors) bytes += each.nbytes();
  return bytes;
}

std::string gibibytes(std::uint64_t bytes) {
  return format_text("%.1f GiB", static_cast<double>(bytes) / (1ULL << 30));
}

// Of the tensors that are trained: their gradients, the optimiser's state and the average.
std::uint64_t copies_of_trained(const Recipe& recipe) {
  const std::uint64_t state = recipe.optimizer.optimizer == Method::adamw ? 2
                              : recipe.optimizer.momentum > 0             ? 1
                                                                          : 0;
  const bool mixes = recipe.average_epochs > 1 || recipe.interpolate < 1;
  return 1 + state + (recipe.ema > 0 ? 1 : 0) + (mixes ? 2 + recipe.average_epochs : 0);
}

}  // namespace

int pictures_of_step(const Recipe& recipe, std::size_t pictures) {
  const auto count = std::min<std::size_t>(pictures, std::numeric_limits<int>::max());
  return std::min(recipe.loader.batch_size, static_cast<int>(count));
}

TrainingMemory estimate_training_memory(const Model& model, const Recipe& recipe, Precision precision,
                                        std::size_t pictures) {
  Network& network = *model.network;
  const std::int64_t side = model.preprocess.crop;
  const torch::Device device = network.head()->weight.device();
  const auto image = torch::zeros({1, 3, side, side}, device);
  RecordedResults recorded;
  for (const auto& [name, tensor] : named_tensors(network))
    recorded.given.insert(tensor.storage().unsafeGetStorageImpl());
  const bool was_training = network.is_training();
  network.eval();
  const bool trains_all = !recipe.freeze && recipe.epochs > 0;
  {
    const torch::AutoGradMode gradients(trains_all);
    const Recording recording(recorded);
    const Autocast autocast(device, precision);
    network.forward(image);
  }
  network.train(was_training);
  const auto parameters = bytes_of(network.parameters());
  TrainingMemory memory;
  memory.fixed =
      2 * parameters +  // and those of the best epoch
      copies_of_trained(recipe) * (trains_all ? parameters : bytes_of(network.head()->parameters()));
  const auto ahead =
      static_cast<std::uint64_t>(recipe.loader.workers) * static_cast<std::uint64_t>(recipe.loader.prefetch);
  const auto step = static_cast<std::size_t>(std::max(pictures_of_step(recipe, pictures), 1));
  const std::uint64_t batches_of_epoch = (pictures + step - 1) / step;
  memory.loaded = std::min(1 + ahead, std::max<std::uint64_t>(batches_of_epoch, 1)) * image.nbytes();
  // Without gradients an operator's input and output exist together, with a copy of one in another layout.
  memory.per_picture = std::max(recorded.needed, 3 * recorded.largest);
  memory.needs_two_pictures = recorded.single_values;
  return memory;
}

void check_last_batch(const TrainingMemory& memory, const Recipe& recipe, std::size_t pictures) {
  const bool trains_norms = recipe.freeze ? recipe.frozen_bn == FrozenBn::update : !recipe.hold_bn;
  const auto count = static_cast<int>(std::min<std::size_t>(pictures, std::numeric_limits<int>::max()));
  const int batch = pictures_of_step(recipe, pictures);
  if (!memory.needs_two_pictures || !trains_norms || recipe.epochs == 0 || (batch > 1 && count % batch != 1))
    return;
  int other = std::max(batch, 2);
  while (other < count && count % other == 1) ++other;
  throw UsageError("`batch_size`",
                   std::to_string(batch) + " leaves a batch of one picture of " + std::to_string(count) +
                       ", and a batch norm of " + recipe.model + " needs two pictures for this input",
                   other <= count && count > 1 ? "use " + std::to_string(other) : "add pictures");
}

std::string memory_words(const TrainingMemory& memory, int batch_size) {
  return gibibytes(memory.total(batch_size)) + " for a batch of " + std::to_string(batch_size);
}

std::vector<std::string> memory_warnings(const TrainingMemory& memory, int batch_size,
                                         std::optional<std::uint64_t> free) {
  if (!free || memory.total(batch_size) <= *free) return {};
  const std::uint64_t fit =
      *free > memory.fixed ? (*free - memory.fixed) / (memory.per_picture + memory.loaded) : 0;
  int advised = 1;
  while (2 * static_cast<std::uint64_t>(advised) <= fit) advised *= 2;
  const std::string advice = memory.loaded > memory.per_picture
                                 ? "use fewer `workers` or a smaller `prefetch`"
                             : fit > 0 ? "use `batch_size` " + std::to_string(advised)
                                       : "use a smaller model";
  return {"training needs about " + memory_words(memory, batch_size) + ", and " + gibibytes(*free) +
          " are free: " + advice};
}

}  // namespace graft
