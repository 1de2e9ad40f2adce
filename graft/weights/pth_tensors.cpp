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

// An axis of a tensor: its size, and its strides in the storage and in the copy, in bytes.
struct Axis {
  std::int64_t size, from, to;
};

// Copies elements of `Bytes` bytes along the axes, at least two; the last two in tiles: a transposed tensor
// is read along one of them and written along the other, and a tile stays in the processor's cache.
template <std::size_t Bytes>
void copy_axes(std::span<const Axis> axes, const std::uint8_t* from, std::uint8_t* to) {
  if (axes.size() > 2) {
    const Axis& axis = axes.front();
    for (std::int64_t i = 0; i < axis.size; ++i)
      copy_axes<Bytes>(axes.subspan(1), from + i * axis.from, to + i * axis.to);
    return;
  }
  constexpr std::int64_t tile = 16;
  const Axis &outer = axes[0], &inner = axes[1];
  for (std::int64_t row = 0; row < outer.size; row += tile) {
    const std::int64_t rows = std::min(row + tile, outer.size);
    for (std::int64_t column = 0; column < inner.size; column += tile) {
      const std::int64_t columns = std::min(column + tile, inner.size);
      for (std::int64_t i = row; i < rows; ++i) {
        for (std::int64_t k = column; k < columns; ++k)
          std::memcpy(to + i * outer.to + k * inner.to, from + i * outer.from + k * inner.from, Bytes);
      }
    }
  }
}

// Copies a tensor of at least one element to `out`, row-major.
void gather(const Tensor& tensor, const std::uint8_t* storage, std::size_t element, std::uint8_t* out) {
  const auto bytes = static_cast<std::int64_t>(element);
  std::vector<Axis> axes;
  std::int64_t to = bytes;
  for (std::size_t i = tensor.shape.size(); i-- > 0;) {
    // The stride along a size of 1 may be any number.
    if (tensor.shape[i] > 1) axes.push_back({tensor.shape[i], tensor.stride[i] * bytes, to});
    to *= tensor.shape[i];
  }
  while (axes.size() < 2) axes.push_back({1, 0, 0});
  // The axis with the smallest stride comes last, and before it the one that is contiguous in the copy.
  std::reverse(axes.begin(), axes.end());
  const auto nearest = std::min_element(axes.begin(), axes.end() - 1,
                                        [](const Axis& a, const Axis& b) { return a.from < b.from; });
  std::rotate(nearest, nearest + 1, axes.end());
  const std::uint8_t* from = storage + tensor.offset * bytes;
  switch (element) {
    case 1:
      return copy_axes<1>(axes, from, out);
    case 2:
      return copy_axes<2>(axes, from, out);
    case 4:
      return copy_axes<4>(axes, from, out);
    default:
      return copy_axes<8>(axes, from, out);
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
    auto& bytes = bytes_of_storage(storage);
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
      bytes = aligned(bytes, 8, state_.owners);  // 8: enough for any type of another tensor in it
      return {*storage.dtype, tensor.shape,
              bytes.subspan(static_cast<std::size_t>(tensor.offset) * element, *size)};
    }
    if (*size > copies_allowed_) {
      refuse(name, "would expand to " + std::to_string(*size) + " bytes, out of proportion to the file");
    }
    copies_allowed_ -= *size;
    const auto copy = allocate(*size, state_.owners);
    gather(tensor, bytes.data(), element, copy.data());
    return {*storage.dtype, tensor.shape, copy};
  }

  std::span<const std::uint8_t>& bytes_of_storage(const Storage& storage) {
    const auto found = storages_.find(storage.key);
    if (found != storages_.end()) return found->second;
    return storages_.emplace(storage.key, storage_bytes_(storage)).first->second;
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
  state.module = std::move(found.module);
  state.metadata = std::move(found.metadata);
  Collector(document, where, file_size, storage_bytes, state).collect(std::move(found));
  check_readable(where, state);
}

}  // namespace graft
