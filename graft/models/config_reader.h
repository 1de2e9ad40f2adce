// Values of a JSON object in a configuration file of the Hugging Face hub. Internal.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/text.h"

namespace graft {

// Each call returns `otherwise` for a key that is missing or null, and throws Error for a value of another
// type; `where` is the file.
class ConfigReader {
 public:
  ConfigReader(const nlohmann::json& config, std::string where) : config_(config), where_(std::move(where)) {}

  bool has(const char* key) const { return config_.contains(key) && !config_[key].is_null(); }

  std::string text(const char* key, const std::string& otherwise) const {
    if (!has(key)) return otherwise;
    if (!config_[key].is_string()) refuse(key, "a text");
    return config_[key].get<std::string>();
  }

  double number(const char* key, double otherwise) const {
    if (!has(key)) return otherwise;
    if (!config_[key].is_number()) refuse(key, "a number");
    return config_[key].get<double>();
  }

  bool truth(const char* key, bool otherwise) const {
    if (!has(key)) return otherwise;
    if (!config_[key].is_boolean()) refuse(key, "true or false");
    return config_[key].get<bool>();
  }

  std::array<double, 3> three(const char* key, const std::array<double, 3>& otherwise) const {
    if (!has(key)) return otherwise;
    const nlohmann::json& value = config_[key];
    std::array<double, 3> numbers{};
    if (!value.is_array() || value.size() != 3) refuse(key, "a list of three numbers");
    for (std::size_t i = 0; i < 3; ++i) {
      if (!value[i].is_number()) refuse(key, "a list of three numbers");
      numbers[i] = value[i].get<double>();
    }
    return numbers;
  }

  [[noreturn]] void refuse(const char* key, const std::string& needed) const {
    throw Error(where_, std::string("its \"") + key + "\" is not " + needed + ", but " + shown(key),
                "correct or remove it");
  }

  auto items() const { return config_.items(); }
  // The value of a key that is there, and the same for messages.
  const nlohmann::json& value(const char* key) const { return config_[key]; }
  std::string shown(const char* key) const {
    return shorten(printable(config_[key].dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)));
  }
  const std::string& where() const { return where_; }

 private:
  const nlohmann::json& config_;
  std::string where_;
};

inline std::array<double, 3> wide(const std::array<float, 3>& values) {
  return {values[0], values[1], values[2]};
}
inline std::array<float, 3> narrow(const std::array<double, 3>& values) {
  return {static_cast<float>(values[0]), static_cast<float>(values[1]), static_cast<float>(values[2])};
}

}  // namespace graft
