#include "graft/weights/pth_tensors.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/weights/tensor_bytes.h"

namespace graft {
namespace {

using pickle::Document, pickle::Storage, pickle::Tensor;

// Whether the tensor's elements are contiguous in memory in row-major order.
bool is_contiguous(const Tensor& tensor) {
  std::int64_t expected = 1;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    if (tensor.shape[i] == 1) continue;  // its stride is not used
    if (tensor.stride[i] != expected) return false;
    expected *= tensor.shape[i];  // at most the whole product, which does not overflow
  }
  return true;
}

// One past the last element that the tensor uses, counted from the start of its storage; empty on overflow.
std::optional<std::int64_t> end_of(const Tensor& tensor) {
  std::int64_t last = tensor.offset;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {
    std::int64_t reach = 0;
    if (__builtin_mul_overflow(tensor.shape[i] - 1, tensor.stride[i], &reach)) return std::nullopt;
    if (__builtin_add_overflow(last, reach, &last)) return std::nullopt;
  }
  if (__builtin_add_overflow(last, 1, &last)) return std::nullopt;
  return last;
}

// Copies a tensor of at least one element to `out`, row-major.
void gather(const Tensor& tensor, const std::uint8_t* storage, std::size_t element,
            std::span<std::uint8_t> out) {
  struct Axis {
    std::int64_t size, stride, index = 0;
  };
  std::vector<Axis> axes;
  for (std::size_t i = 0; i < tensor.shape.size(); ++i) {  // the stride along a size of 1 may be any number
    if (tensor.shape[i] > 1) axes.push_back({tensor.shape[i], tensor.stride[i]});
  }
  std::int64_t at = tensor.offset;
  for (std::size_t written = 0; written < out.size(); written += element) {
    std::memcpy(out.data() + written, storage + static_cast<std::size_t>(at) * element, element);
    for (auto axis = axes.rbegin(); axis != axes.rend(); ++axis) {  // like an odometer
      at += axis->stride;
      if (++axis->index < axis->size) break;
      at -= axis->stride * axis->size;
      axis->index = 0;
    }
  }
}

class Collector {
 public:
  Collector(const Document& document, const std::string& where, std::uint64_t file_size,
            const StorageBytes& storage_bytes, StateDict& state)
      : document_(document),
        where_(where),
        copies_allowed_(max_copies(file_size)),
        storage_bytes_(storage_bytes),
        state_(state) {}

  void collect(StateEntries found) {
    for (auto& [name, value] : found.entries) {
      const std::string problem = problem_of(value);
      if (problem.empty()) {
        TensorView tensor = view(name, *document_.as<Tensor>(value));
        state_.tensors.push_back({std::move(name), std::move(tensor)});
      } else {
        state_.unread.emplace(std::move(name), problem);
      }
    }
  }

 private:
  [[noreturn]] void refuse(std::string_view name, const std::string& problem) const {
    throw Error(where_, "tensor \"" + printable(name) + "\" " + problem, "fetch or save the file again");
  }

  // Why the value is not a readable tensor; empty if it is.
  std::string problem_of(pickle::Index value) const {
    const Tensor* tensor = document_.as<Tensor>(value);
    if (tensor == nullptr) return kind_name(document_, value);
    if (tensor->marked) return "a conjugated or negated tensor";
    const Storage& storage = *document_.as<Storage>(tensor->storage);
    return storage.dtype ? "" : "a tensor in a " + std::string(storage.type);
  }

  TensorView view(std::string_view name, const Tensor& tensor) {
    const Storage& storage = *document_.as<Storage>(tensor.storage);
    const std::size_t element = storage.element_bytes;
    const auto bytes = bytes_of_storage(storage);
    if (bytes.size() % element != 0 || bytes.size() / element != static_cast<std::uint64_t>(storage.count)) {
      refuse(name, "needs a storage of " + counted(storage.count, "element") + ", but the file has " +
                       counted(bytes.size(), "byte"));
    }
    const auto size = tensor_bytes(*storage.dtype, tensor.shape);
    if (!size) refuse(name, "has more than 2^63 - 1 bytes");
    if (*size == 0) return {*storage.dtype, tensor.shape, {}};
    const auto end = end_of(tensor);
    if (!end || *end > storage.count) refuse(name, "reaches past the end of its storage");
    if (is_contiguous(tensor)) {
      return {*storage.dtype, tensor.shape,
              bytes.subspan(static_cast<std::size_t>(tensor.offset) * element, *size)};
    }
    if (*size > copies_allowed_) {
      refuse(name, "would expand to " + std::to_string(*size) + " bytes, out of proportion to the file");
    }
    copies_allowed_ -= *size;
    const auto copy = allocate(*size, state_.owners);
    gather(tensor, bytes.data(), element, copy);
    return {*storage.dtype, tensor.shape, copy};
  }

  std::span<const std::uint8_t> bytes_of_storage(const Storage& storage) {
    const auto found = storages_.find(storage.key);
    if (found != storages_.end()) return found->second;
    // 8: enough for any type of another tensor in the same storage.
    const auto bytes = aligned(storage_bytes_(storage), 8, state_.owners);
    return storages_.emplace(storage.key, bytes).first->second;
  }

  const Document& document_;
  const std::string& where_;
  std::uint64_t copies_allowed_;  // bytes
  const StorageBytes& storage_bytes_;
  StateDict& state_;
  std::map<std::string_view, std::span<const std::uint8_t>> storages_;
};

}  // namespace

void collect_tensors(const Document& document, StateEntries found, const std::string& where,
                     std::uint64_t file_size, const StorageBytes& storage_bytes, StateDict& state) {
  state.key = std::move(found.key);
  state.other_keys = std::move(found.other_keys);
  state.metadata = std::move(found.metadata);
  Collector(document, where, file_size, storage_bytes, state).collect(std::move(found));
  check_readable(where, state);
}

}  // namespace graft
