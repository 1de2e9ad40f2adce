#include "graft/http/request_pictures.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "graft/core/base64.h"
#include "graft/core/text.h"
#include "graft/http/json_body.h"

namespace graft {
namespace {

using Json = nlohmann::json;

// The value of a parameter in "form-data; name=a; filename=\"b \\\"c\\\".jpg\""; empty optional if it is not
// there.
std::optional<std::string> parameter_of(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos && at < header.size()) {
    const std::size_t equals = header.find('=', ++at);
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string key = to_lower_ascii(trimmed(header.substr(at, equals - at)));
    std::string value;
    at = equals + 1;
    if (at < header.size() && header[at] == '"') {
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        if (header[at] == '\\' && at + 1 < header.size()) ++at;
        value += header[at];
      }
      at = header.find(';', at);
    } else {
      const std::size_t end = std::min(header.find(';', at), header.size());
      value = trimmed(header.substr(at, end - at));
      at = end < header.size() ? end : std::string_view::npos;
    }
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string media_type_of(const std::string& content_type) {
  return to_lower_ascii(trimmed(content_type.substr(0, content_type.find(';'))));
}

// A line of `headers` without its name; empty if it is not there.
std::string header_of(std::string_view headers, std::string_view name) {
  while (!headers.empty()) {
    const std::size_t end = std::min(headers.find("\r\n"), headers.size());
    const std::string_view line = headers.substr(0, end);
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && to_lower_ascii(line.substr(0, colon)) == name)
      return trimmed(line.substr(colon + 1));
    headers.remove_prefix(std::min(end + 2, headers.size()));
  }
  return {};
}

constexpr std::array known_fields = {"model", "top_k", "threshold", "coverage"};

void set_field(std::map<std::string, std::string>& fields, const std::string& name, std::string value) {
  if (std::find(known_fields.begin(), known_fields.end(), name) == known_fields.end())
    throw BadRequest(shorten(name), "is not a field of a request",
                     "send model, top_k, threshold, coverage, or pictures with file names");
  fields[name] = std::move(value);
}

std::string name_or_number(std::string name, const std::vector<SentPicture>& before) {
  return name.empty() ? "image " + std::to_string(before.size() + 1) : std::move(name);
}

void add_picture(std::vector<SentPicture>& pictures, std::string name, std::vector<std::uint8_t> bytes,
                 std::size_t max_pictures) {
  if (pictures.size() == max_pictures)
    throw BadRequest("the body", "has more than " + counted(max_pictures, "picture"),
                     "send them in several requests");
  pictures.push_back({name_or_number(std::move(name), pictures), std::move(bytes)});
}

// The parts with a file name are pictures, others are fields.
SentPictures pictures_of_form(std::string_view body, const std::string& content_type,
                              std::size_t max_pictures) {
  const auto boundary = parameter_of(content_type, "boundary");
  if (!boundary || boundary->empty())
    throw BadRequest("the content type", "is multipart/form-data without a boundary", "add it");
  const std::string mark = "\r\n--" + *boundary, first = mark.substr(2);
  std::size_t at = body.starts_with(first) ? 0 : body.find(mark);
  if (at == std::string_view::npos)
    throw BadRequest("the body", "does not have the boundary that its content type states",
                     "send the boundary");
  at += at == 0 ? first.size() : mark.size();
  SentPictures sent;
  while (!body.substr(at).starts_with("--")) {
    const std::size_t start = body.find("\r\n", at);  // after the mark there can be spaces
    const std::size_t head_end = start == std::string_view::npos ? start : body.find("\r\n\r\n", start);
    const std::size_t end = head_end == std::string_view::npos ? head_end : body.find(mark, head_end + 2);
    if (end == std::string_view::npos)
      throw BadRequest("the body", "ends within a part of multipart/form-data", "send all of it");
    const std::string_view headers = body.substr(start, head_end - start);
    const std::size_t from = std::min(head_end + 4, end);
    const std::string_view content = body.substr(from, end - from);
    const std::string disposition = header_of(headers, "content-disposition");
    if (auto name = parameter_of(disposition, "filename")) {
      add_picture(sent.pictures, std::move(*name), {content.begin(), content.end()}, max_pictures);
    } else {
      set_field(sent.fields, parameter_of(disposition, "name").value_or("a part without a name"),
                std::string(content));
    }
    at = end + mark.size();
  }
  return sent;
}

const std::string& text_of(const Json& value, const std::string& what, const char* advice) {
  if (!value.is_string()) throw BadRequest(what, "is not text", advice);
  return value.get_ref<const std::string&>();
}

SentPictures pictures_of_json(const std::string& body, std::size_t max_pictures) {
  const Json json = parse_body(body);
  if (!json.is_object()) throw BadRequest("the body", "is not a JSON object", "send {\"images\": […]}");
  SentPictures sent;
  if (!json.contains("images") || !json["images"].is_array())
    throw BadRequest("the body", "has no list \"images\"", "send {\"images\": [\"BASE64\", …]}");
  for (const Json& image : json["images"]) {
    const std::string number = "image " + std::to_string(sent.pictures.size() + 1);
    const bool named = image.is_object();
    if (named && !image.contains("data")) throw BadRequest(number, "has no member \"data\"", "send base64");
    const std::string& data = text_of(named ? image["data"] : image, number, "send base64");
    std::string name = named && image.contains("name")
                           ? text_of(image["name"], "the name of " + number, "send the file's name")
                           : "";
    add_picture(sent.pictures, std::move(name), bytes_of_base64(data, number), max_pictures);
  }
  for (const auto& [name, value] : json.items()) {
    if (name == "images") continue;
    const bool is_text = name == "model";
    if (is_text ? !value.is_string() : !value.is_number())
      throw BadRequest(shorten(name), is_text ? "is not text" : "is not a number");
    set_field(sent.fields, name, is_text ? value.get<std::string>() : value.dump());
  }
  return sent;
}

}  // namespace

std::vector<std::uint8_t> bytes_of_base64(std::string_view text, const std::string& what) {
  std::string packed;
  packed.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(packed),
               [](char c) { return c != '\n' && c != '\r'; });
  auto bytes = from_base64(packed);
  if (!bytes) throw BadRequest(what, "is not base64", "encode its bytes by RFC 4648");
  return std::move(*bytes);
}

SentPictures pictures_of(const HttpRequest& request, std::size_t max_pictures) {
  const std::string type = media_type_of(request.content_type);
  SentPictures sent;
  if (type == "application/json") {
    sent = pictures_of_json(request.body, max_pictures);
  } else if (type == "multipart/form-data") {
    sent = pictures_of_form(request.body, request.content_type, max_pictures);
  } else if (!request.body.empty()) {
    sent.pictures.push_back({"image 1", {request.body.begin(), request.body.end()}});
  }
  for (const auto& [name, value] : request.query) set_field(sent.fields, name, value);
  if (sent.pictures.empty())
    throw BadRequest("the body", "has no picture",
                     "send the bytes of an image file, multipart/form-data with files, or JSON");
  return sent;
}

}  // namespace graft
