#include "graft/weights/tensor_bytes.h"

#include <algorithm>
#include <string_view>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"

namespace graft {

std::optional<std::uint64_t> tensor_bytes(DType dtype, std::span<const std::int64_t> shape) {
  if (std::any_of(shape.begin(), shape.end(), [](std::int64_t size) { return size < 0; }))
    return std::nullopt;
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  auto product = static_cast<std::int64_t>(bytes_of(dtype));
  for (const std::int64_t size : shape) {
    if (__builtin_mul_overflow(product, size, &product)) return std::nullopt;
  }
  return static_cast<std::uint64_t>(product);
}

std::span<std::uint8_t> allocate(std::size_t size, std::vector<std::shared_ptr<const void>>& owners) {
  const std::shared_ptr<std::uint8_t[]> memory(new std::uint8_t[size]);  // not zeroed: the caller fills it
  owners.push_back(memory);
  return {memory.get(), size};
}

std::span<const std::uint8_t> aligned(std::span<const std::uint8_t> bytes, std::size_t alignment,
                                      std::vector<std::shared_ptr<const void>>& owners) {
  if (bytes.empty() || reinterpret_cast<std::uintptr_t>(bytes.data()) % alignment == 0) return bytes;
  const auto copy = allocate(bytes.size(), owners);
  std::copy(bytes.begin(), bytes.end(), copy.begin());
  return copy;
}

void check_readable(const std::string& where, const StateDict& state) {
  if (!state.tensors.empty() || state.unread.empty()) return;
  const auto& [name, what] = *state.unread.begin();
  throw Error(where, "holds no tensor that graft can read: \"" + printable(name) + "\" is " + what,
              "convert the weights to float32 and save again");
}

void check_writable(const std::string& where, std::span<const NamedTensor> tensors) {
  std::vector<std::string_view> names;
  for (const auto& [name, tensor] : tensors) {
    if (name.empty() || !is_utf8(name))
      throw Error(where, "cannot hold a tensor named \"" + printable(name) + "\"");
    if (tensor_bytes(tensor.dtype, tensor.shape) != tensor.bytes.size()) {
      throw Error(where, "cannot hold \"" + printable(name) + "\": it has " +
                             counted(tensor.bytes.size(), "byte") + ", which does not match its shape");
    }
    names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) throw Error(where, "cannot hold two tensors named \"" + printable(*twice) + "\"");
}

}  // namespace graft
