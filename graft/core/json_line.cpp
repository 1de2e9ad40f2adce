#include "graft/core/json_line.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "graft/core/escape.h"
#include "graft/core/utf8.h"

namespace graft {
namespace {

using Json = nlohmann::ordered_json;

bool is_other_text(const Json& value) {
  return value.is_string() && !is_utf8(value.get_ref<const std::string&>());
}

// The bytes of a string, or of a list of strings, that is not all UTF-8; null for any other value.
Json bytes_of(const Json& value) {
  if (is_other_text(value)) return percent_encode(value.get_ref<const std::string&>());
  if (!value.is_array() || std::none_of(value.begin(), value.end(), is_other_text)) return nullptr;
  Json list = Json::array();
  for (const Json& each : value)
    list.push_back(each.is_string() ? Json(percent_encode(each.get_ref<const std::string&>())) : each);
  return list;
}

// The value with NAME_bytes after each member that needs it.
Json with_bytes(const Json& value) {
  if (!value.is_structured()) return value;
  Json all = value.is_array() ? Json::array() : Json::object();
  if (value.is_array()) {
    for (const Json& each : value) all.push_back(with_bytes(each));
    return all;
  }
  for (const auto& [name, each] : value.items()) {
    all[name] = with_bytes(each);
    if (Json bytes = bytes_of(each); !bytes.is_null()) all[name + "_bytes"] = std::move(bytes);
  }
  return all;
}

}  // namespace

std::string json_line(const Json& value) {
  return with_bytes(value).dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace graft
