#include "graft/weights/state_dict.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "graft/core/json_limits.h"
#include "graft/core/utf8.h"
#include "graft/weights/byte_reader.h"
#include "graft/weights/tensor_bytes.h"

namespace graft {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr std::uint64_t max_header_bytes = 100'000'000;
constexpr std::size_t max_dimensions = 64;     // as in PyTorch
constexpr std::size_t max_values = 2'000'000;  // in the header: ten per tensor, and its sizes
constexpr const char* metadata_key = "__metadata__";
constexpr const char* checksum_key = "checksum";

constexpr std::array<std::pair<DType, const char*>, 10> dtype_names = {{
    {DType::float32, "F32"},
    {DType::float64, "F64"},
    {DType::float16, "F16"},
    {DType::bfloat16, "BF16"},
    {DType::int64, "I64"},
    {DType::int32, "I32"},
    {DType::int16, "I16"},
    {DType::int8, "I8"},
    {DType::uint8, "U8"},
    {DType::boolean, "BOOL"},
}};

// Types of the format that DType lacks, and their bits per element. Their tensors are not read.
constexpr std::array<std::pair<const char*, int>, 13> unread_types = {{{"U16", 16},
                                                                       {"U32", 32},
                                                                       {"U64", 64},
                                                                       {"F8_E4M3", 8},
                                                                       {"F8_E5M2", 8},
                                                                       {"F8_E8M0", 8},
                                                                       {"F8_E4M3FNUZ", 8},
                                                                       {"F8_E5M2FNUZ", 8},
                                                                       {"F6_E2M3", 6},
                                                                       {"F6_E3M2", 6},
                                                                       {"F4", 4},
                                                                       {"C64", 64},
                                                                       {"C128", 128}}};

[[noreturn]] void refuse(const std::string& where, const std::string& problem) {
  throw Error(where, problem, "fetch or save the file again");
}

// Parses a header, whose deepest value is a size in a list in a tensor's description. Deeper nesting, a
// duplicate key, and more values than the limit on memory allows stop the parsing at once.
json parse_header(std::string_view text, const std::string& where) {
  constexpr int deepest = 2;                            // the depth at which that list begins
  std::array<std::set<std::string>, deepest + 1> keys;  // of the objects that are open, by depth
  std::size_t values = 0;
  const json::parser_callback_t watch = [&](int depth, json::parse_event_t event, json& parsed) {
    if (++values > max_values)
      refuse(where, "has a header of more than " + std::to_string(max_values) + " values");
    if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
      if (depth > deepest) refuse(where, "has a header that is nested too deep");
      keys[static_cast<std::size_t>(depth)].clear();
    }
    if (event == json::parse_event_t::key) {
      const auto& key = parsed.get_ref<const std::string&>();
      if (!keys[static_cast<std::size_t>(depth - 1)].insert(key).second) {
        refuse(where, "has the name \"" + printable(key) + "\" twice in its header");
      }
    }
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::exception& error) {
    refuse(where, "has a header that is not JSON (" + printable(json_problem(error).words) + ")");
  }
}

struct Description {
  std::string name;
  std::optional<DType> dtype;  // empty: one of the unread types
  std::string type;            // the file's name for it
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0, end = 0;  // in the data
};

std::int64_t whole_number(const json& value, const std::string& where) {
  const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= INT64_MAX;
  if (!fits) refuse(where, "has a size or offset that is not a whole number from 0 to 2^63 - 1");
  return value.get<std::int64_t>();
}

Description describe(const std::string& name, const json& value, const std::string& file) {
  const std::string where = file + ": tensor \"" + printable(name) + "\"";
  const bool proper = value.is_object() && value.size() == 3 && value.contains("dtype") &&
                      value.contains("shape") && value.contains("data_offsets") &&
                      value["dtype"].is_string() && value["shape"].is_array() &&
                      value["data_offsets"].is_array() && value["data_offsets"].size() == 2;
  if (!proper) refuse(where, "is not described by a dtype, a shape and two data_offsets");
  Description result;
  result.name = name;
  const auto& dtype = value["dtype"].get_ref<const std::string&>();
  const auto known =
      std::find_if(dtype_names.begin(), dtype_names.end(), [&](const auto& d) { return d.second == dtype; });
  const auto unread = std::find_if(unread_types.begin(), unread_types.end(),
                                   [&](const auto& each) { return each.first == dtype; });
  if (known == dtype_names.end() && unread == unread_types.end()) {
    throw Error(where, "has the type \"" + printable(dtype) + "\", which graft does not read",
                "convert it to F32 and save again");
  }
  if (known != dtype_names.end()) result.dtype = known->first;
  result.type = dtype;
  if (value["shape"].size() > max_dimensions)
    refuse(where, "has more than " + std::to_string(max_dimensions) + " sizes");
  for (const json& size : value["shape"]) result.shape.push_back(whole_number(size, where));
  result.begin = static_cast<std::uint64_t>(whole_number(value["data_offsets"][0], where));
  result.end = static_cast<std::uint64_t>(whole_number(value["data_offsets"][1], where));
  // Sub-byte elements are counted in bits; the format requires whole bytes.
  const auto count = tensor_bytes(DType::uint8, result.shape);
  std::uint64_t bits = 0;
  const auto element = result.dtype ? 8 * bytes_of(*result.dtype) : static_cast<std::size_t>(unread->second);
  const bool proper_size =
      count && !__builtin_mul_overflow(*count, element, &bits) && bits % 8 == 0 && bits / 8 <= INT64_MAX;
  if (!proper_size || result.begin > result.end || result.end - result.begin != bits / 8) {
    refuse(where, "has a number of bytes that does not match its shape");
  }
  return result;
}

std::map<std::string, std::string> read_metadata(const json& value, const std::string& where) {
  if (!value.is_object()) refuse(where, "has a __metadata__ that is not an object");
  std::map<std::string, std::string> metadata;
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string())
      refuse(where, "has a __metadata__ whose \"" + printable(key) + "\" is not a string");
    metadata[key] = text.get<std::string>();
  }
  return metadata;
}

// Sorts by offset and checks that the tensors cover the data without gaps or overlaps.
void check_layout(std::vector<Description>& tensors, std::uint64_t data_size, const std::string& where) {
  std::stable_sort(tensors.begin(), tensors.end(), [](const Description& a, const Description& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  std::uint64_t position = 0;
  for (const Description& tensor : tensors) {
    if (tensor.begin != position || tensor.end > data_size) {
      const char* problem = tensor.end > data_size    ? "ends past the end of the file"
                            : tensor.begin > position ? "begins after a gap"
                                                      : "overlaps another";
      refuse(where, "tensor \"" + printable(tensor.name) + "\" " + problem);
    }
    position = tensor.end;
  }
  if (position != data_size) refuse(where, "has bytes that belong to no tensor");
}

// The order in which tensors are written. The widest elements come first, so that every tensor is aligned to
// its element's size: some readers use the bytes in place. Tensors of one width keep their order.
std::vector<std::size_t> data_order(std::span<const NamedTensor> tensors) {
  std::vector<std::size_t> order(tensors.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return bytes_of(tensors[a].tensor.dtype) > bytes_of(tensors[b].tensor.dtype);
  });
  return order;
}

std::string header_of(std::span<const NamedTensor> tensors, std::span<const std::size_t> order,
                      const std::map<std::string, std::string>& metadata) {
  ordered_json header = ordered_json::object();
  if (!metadata.empty()) header[metadata_key] = metadata;
  std::uint64_t position = 0;
  for (const std::size_t i : order) {
    const TensorView& tensor = tensors[i].tensor;
    const auto dtype = std::find_if(dtype_names.begin(), dtype_names.end(),
                                    [&](const auto& d) { return d.first == tensor.dtype; });
    const std::uint64_t end = position + tensor.bytes.size();
    header[tensors[i].name] = {
        {"dtype", dtype->second}, {"shape", tensor.shape}, {"data_offsets", {position, end}}};
    position = end;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // so that the data begins at a multiple of 8
  return text;
}

// Of the file as it is without its checksum. The tensors of a file that was read are in the order of their
// data.
std::string checksum_of(std::span<const NamedTensor> tensors, std::map<std::string, std::string> metadata) {
  metadata.erase(checksum_key);
  const std::vector<std::size_t> order = data_order(tensors);
  const std::string header = header_of(tensors, order, metadata);
  std::vector<std::span<const std::uint8_t>> parts = {
      {reinterpret_cast<const std::uint8_t*>(header.data()), header.size()}};
  for (const std::size_t i : order) parts.push_back(tensors[i].tensor.bytes);
  return sha256_hex_of_parts(parts);
}

}  // namespace

StateDict read_safetensors(const std::filesystem::path& path) {
  const std::string where = path.string();
  const std::shared_ptr<const FileBytes> file = disk().map(path);
  ByteReader in(file->bytes(), where);
  const auto header_size = in.number<std::uint64_t>();
  if (header_size > max_header_bytes) {
    throw Error(where,
                "is not a safetensors file: its header would have " + std::to_string(header_size) + " bytes");
  }
  const std::string_view text = in.text(header_size);
  if (!text.starts_with('{'))
    throw Error(where, "is not a safetensors file: its header does not begin with {");
  const json header = parse_header(text, where);
  const auto data = in.take(in.left());

  StateDict state;
  state.owners.push_back(file);
  std::vector<Description> tensors;
  for (const auto& [name, value] : header.items()) {
    if (name == metadata_key) {
      state.metadata = read_metadata(value, where);
    } else {
      tensors.push_back(describe(name, value, where));
    }
  }
  check_layout(tensors, data.size(), where);
  for (Description& tensor : tensors) {
    if (!tensor.dtype) {
      state.unread.emplace(std::move(tensor.name), "a tensor of the type " + tensor.type);
      continue;
    }
    const auto bytes = data.subspan(tensor.begin, tensor.end - tensor.begin);
    state.tensors.push_back(
        {std::move(tensor.name),
         {*tensor.dtype, std::move(tensor.shape), aligned(bytes, bytes_of(*tensor.dtype), state.owners)}});
  }
  check_readable(where, state);
  return state;
}

void write_safetensors(OutputFile& file, const std::string& where, std::span<const NamedTensor> tensors,
                       const std::map<std::string, std::string>& metadata) {
  check_writable(where, tensors);
  for (const auto& [name, tensor] : tensors) {
    if (name == metadata_key) throw Error(where, "cannot hold a tensor named \"__metadata__\"");
  }
  for (const auto& [key, text] : metadata) {
    if (!is_utf8(key) || !is_utf8(text))
      throw Error(where, "cannot hold \"" + printable(key) + "\": it is not UTF-8");
  }
  const std::vector<std::size_t> order = data_order(tensors);
  const std::string header = header_of(tensors, order, metadata);
  if (header.size() > max_header_bytes)
    throw Error(where, "would need a header above 100 MB", "shorten the metadata");
  std::string length;
  for (int i = 0; i < 8; ++i) length += static_cast<char>(header.size() >> (8 * i) & 0xFF);
  file.write(length);
  file.write(header);
  for (const std::size_t i : order) {
    const auto bytes = tensors[i].tensor.bytes;
    file.write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
}

void write_safetensors(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                       const std::map<std::string, std::string>& metadata) {
  replace_file(path, [&](OutputFile& file) { write_safetensors(file, path.string(), tensors, metadata); });
}

void write_with_checksum(const std::filesystem::path& path, std::span<const NamedTensor> tensors,
                         std::map<std::string, std::string> metadata) {
  metadata[checksum_key] = checksum_of(tensors, metadata);
  write_safetensors(path, tensors, metadata);
}

void verify_checksum(const std::filesystem::path& path, const StateDict& state) {
  const auto checksum = state.metadata.find(checksum_key);
  if (checksum != state.metadata.end() && checksum->second != checksum_of(state.tensors, state.metadata))
    refuse(path.string(), "does not agree with its checksum");
}

}  // namespace graft
