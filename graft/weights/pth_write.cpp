#include <algorithm>

#include "graft/core/files.h"
#include "graft/weights/state_dict.h"
#include "graft/weights/tensor_bytes.h"
#include "graft/weights/zip.h"

namespace graft {
namespace {

const char* storage_class(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "FloatStorage";
    case DType::float64:
      return "DoubleStorage";
    case DType::float16:
      return "HalfStorage";
    case DType::bfloat16:
      return "BFloat16Storage";
    case DType::int64:
      return "LongStorage";
    case DType::int32:
      return "IntStorage";
    case DType::int16:
      return "ShortStorage";
    case DType::int8:
      return "CharStorage";
    case DType::uint8:
      return "ByteStorage";
    case DType::boolean:
      return "BoolStorage";
  }
  return "";  // no such value
}

// The pickle (protocol 2) of an OrderedDict of tensors, opcode by opcode.
class Pickler {
 public:
  std::string dict_of(std::span<const NamedTensor> tensors, std::int64_t version) {
    out_ = "\x80\x02";
    empty_ordered_dict();
    out_ += '(';
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      text(tensors[i].name);
      tensor(tensors[i].tensor, std::to_string(i));
    }
    out_ += 'u';
    metadata(version);
    out_ += '.';
    return std::move(out_);
  }

 private:
  // _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)
  void tensor(const TensorView& view, const std::string& key) {
    out_ += "ctorch._utils\n_rebuild_tensor_v2\n((";
    text("storage");
    out_ += "ctorch\n" + std::string(storage_class(view.dtype)) + "\n";
    text(key);
    text("cpu");
    integer(view.count());
    out_ += "tQ";
    integer(0);
    tuple(view.shape);
    tuple(strides(view.shape));
    out_ += '\x89';
    empty_ordered_dict();
    out_ += "tR";
  }

  // Sets the attribute _metadata to {"": {"version": version}}: "" is the network itself.
  void metadata(std::int64_t version) {
    out_ += '}';
    text("_metadata");
    out_ += '}';
    text("");
    out_ += '}';
    text("version");
    integer(version);
    out_ += "sssb";
  }

  static std::vector<std::int64_t> strides(const std::vector<std::int64_t>& shape) {
    std::vector<std::int64_t> result(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;)
      result[i - 1] = result[i] * std::max<std::int64_t>(shape[i], 1);
    return result;
  }

  void empty_ordered_dict() { out_ += "ccollections\nOrderedDict\n)R"; }

  void tuple(const std::vector<std::int64_t>& values) {
    out_ += '(';
    for (const std::int64_t value : values) integer(value);
    out_ += 't';
  }

  void integer(std::int64_t value) {
    out_ += "\x8a\x08";
    little_endian(static_cast<std::uint64_t>(value), 8);
  }

  void text(std::string_view value) {
    out_ += 'X';
    little_endian(value.size(), 4);
    out_ += value;
  }

  void little_endian(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xFF);
  }

  std::string out_;
};

std::span<const std::uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

void write_pth(OutputFile& file, const std::string& where, std::span<const NamedTensor> tensors,
               std::int64_t version) {
  check_writable(where, tensors);
  ZipWriter zip(file);
  const auto add = [&](const std::string& record, std::span<const std::uint8_t> bytes) {
    zip.add(exported_pth_folder + record, bytes);
  };
  add("data.pkl", bytes_of(Pickler().dict_of(tensors, version)));
  add("byteorder", bytes_of("little"));
  for (std::size_t i = 0; i < tensors.size(); ++i) add("data/" + std::to_string(i), tensors[i].tensor.bytes);
  add("version", bytes_of("3\n"));
  zip.finish();
}

void write_pth(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
               std::int64_t version) {
  replace_file(path, [&](OutputFile& file) { write_pth(file, path.string(), tensors, version); });
}

}  // namespace graft
