#include "graft/http/infer_protocol.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "graft/core/text.h"
#include "graft/http/json_body.h"

namespace graft {
namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

std::string dumped(const OrderedJson& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::uint64_t size_in_shape(const Json& size) {
  constexpr std::uint64_t most = 1U << 30U;
  if (!size.is_number_unsigned() || size.get<std::uint64_t>() > most)
    throw BadRequest("\"shape\"", "has a size that is not an integer from 0 to 2^30");
  return size.get<std::uint64_t>();
}

// The data can be nested as the shape is.
void append_pixels(const Json& data, std::vector<std::uint8_t>& values) {
  if (data.is_array()) {
    for (const Json& each : data) append_pixels(each, values);
    return;
  }
  if (!data.is_number_unsigned() || data.get<std::uint64_t>() > 255)
    throw BadRequest("\"data\"", "has a value that is not an integer from 0 to 255",
                     "send RGB pixels, 8 bits");
  values.push_back(static_cast<std::uint8_t>(data.get<std::uint64_t>()));
}

std::vector<Image> pixels_of(const Json& shape, const Json& data, std::size_t max_pictures,
                             std::uint64_t max_pixels) {
  if (shape.size() != 4 || size_in_shape(shape[3]) != 3)
    throw BadRequest("\"shape\"", "of UINT8 is not [N, height, width, 3]");
  const std::uint64_t count = size_in_shape(shape[0]), height = size_in_shape(shape[1]),
                      width = size_in_shape(shape[2]);
  if (count == 0 || height == 0 || width == 0) throw BadRequest("\"shape\"", "has no pixels");
  if (count > max_pictures)
    throw BadRequest("\"shape\"", "has more than " + counted(max_pictures, "picture"),
                     "send several requests");
  if (height * width > max_pixels)
    throw BadRequest("\"shape\"", "has pictures of more than " + std::to_string(max_pixels) + " pixels");
  std::vector<std::uint8_t> values;
  append_pixels(data, values);
  const std::uint64_t size = height * width * 3;
  if (values.size() / size != count || values.size() % size != 0)
    throw BadRequest("\"data\"", "has " + std::to_string(values.size()) + " values, and the shape " +
                                     std::to_string(count * size));
  std::vector<Image> pixels;
  for (std::size_t i = 0; i < count; ++i) {
    Image image(static_cast<int>(height), static_cast<int>(width));
    for (int y = 0; y < image.height(); ++y) {
      const auto from =
          values.begin() + static_cast<std::ptrdiff_t>(i * size + static_cast<std::size_t>(y) * width * 3);
      std::copy(from, from + static_cast<std::ptrdiff_t>(width * 3), image.row(y));
    }
    pixels.push_back(std::move(image));
  }
  return pixels;
}

std::vector<SentPicture> files_of(const Json& shape, const Json& data, std::size_t max_pictures) {
  if (!data.is_array()) throw BadRequest("\"data\"", "of BYTES is not a list of base64 texts");
  if (data.size() > max_pictures)
    throw BadRequest("\"data\"", "has more than " + counted(max_pictures, "picture"),
                     "send several requests");
  std::vector<SentPicture> files;
  for (const Json& each : data) {
    if (!each.is_string()) throw BadRequest("\"data\"", "of BYTES is not a list of base64 texts");
    const std::string name = "image " + std::to_string(files.size() + 1);
    files.push_back({name, bytes_of_base64(each.get_ref<const std::string&>(), name)});
  }
  if (files.empty()) throw BadRequest("\"data\"", "has no picture");
  if (shape.size() != 1 || size_in_shape(shape[0]) != files.size())
    throw BadRequest("\"shape\"",
                     "of BYTES is not [" + std::to_string(files.size()) + "], the number of texts");
  return files;
}

}  // namespace

InferRequest infer_request(const std::string& body, std::size_t max_pictures, std::uint64_t max_pixels) {
  const Json json = parse_body(body);
  const auto inputs = json.is_object() ? json.find("inputs") : json.end();
  if (inputs == json.end() || !inputs->is_array() || inputs->size() != 1 || !inputs->front().is_object())
    throw BadRequest("\"inputs\"", "is not a list of one tensor", "send the input \"images\"");
  const Json& input = inputs->front();
  for (const char* member : {"shape", "datatype", "data"}) {
    if (!input.contains(member)) throw BadRequest("the input", std::string("has no \"") + member + "\"");
  }
  if (!input["shape"].is_array()) throw BadRequest("\"shape\"", "is not a list");
  if (input.contains("name") && input["name"] != "images")
    throw BadRequest("\"inputs\"", "has a tensor of another name", "send the input \"images\"");
  InferRequest request;
  if (json.contains("id")) {
    if (!json["id"].is_string()) throw BadRequest("\"id\"", "is not text");
    request.id = json["id"].get<std::string>();
  }
  if (input["datatype"] == "UINT8") {
    request.pixels = pixels_of(input["shape"], input["data"], max_pictures, max_pixels);
  } else if (input["datatype"] == "BYTES") {
    request.files = files_of(input["shape"], input["data"], max_pictures);
  } else {
    throw BadRequest("\"datatype\"", "is neither UINT8 nor BYTES", "send pixels or image files");
  }
  return request;
}

std::string infer_response(const std::string& model, const std::string& id, const std::string& output,
                           const std::vector<std::vector<float>>& rows) {
  OrderedJson data = OrderedJson::array();
  for (const std::vector<float>& row : rows) {
    for (const float value : row) data.push_back(value);
  }
  OrderedJson json = {{"model_name", model}, {"model_version", "1"}};
  if (!id.empty()) json["id"] = id;
  json["outputs"] = {{{"name", output},
                      {"shape", {rows.size(), rows.empty() ? 0 : rows.front().size()}},
                      {"datatype", "FP32"},
                      {"data", data}}};
  return dumped(json);
}

std::string infer_metadata(const std::string& model, const std::string& output, std::size_t outputs) {
  return dumped({{"name", model},
                 {"versions", {"1"}},
                 {"platform", "graft"},
                 {"inputs", {{{"name", "images"}, {"datatype", "UINT8"}, {"shape", {-1, -1, -1, 3}}}}},
                 {"outputs", {{{"name", output}, {"datatype", "FP32"}, {"shape", {-1, outputs}}}}}});
}

}  // namespace graft
