#include <algorithm>
#include <filesystem>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/serve/serve.h"

namespace graft {
namespace {

void check_model_name(const std::string& name, const std::string& text) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), is_plain))
    throw UsageError(text,
                     "gives the model a name with other characters than letters, digits, '.', '_' and '-'",
                     "name it: NAME=" + text);
}

}  // namespace

NamedModel named_model(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals != std::string::npos && text.find('/') > equals) {
    check_model_name(text.substr(0, equals), text);
    return {text.substr(0, equals), text.substr(equals + 1)};
  }
  namespace fs = std::filesystem;
  fs::path path = (fs::path(text) / "").lexically_normal().parent_path();
  if (path == "." || path.filename() == "..") path = absolute_path(path).lexically_normal();
  const bool is_model_of_run = path.filename() == "model.safetensors" && path.has_parent_path();
  const std::string name = is_model_of_run                      ? path.parent_path().filename().string()
                           : path.extension() == ".safetensors" ? path.stem().string()
                                                                : path.filename().string();
  check_model_name(name, text);
  return {name, text};
}

}  // namespace graft
