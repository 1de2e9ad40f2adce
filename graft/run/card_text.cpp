#include "graft/run/card_text.h"

#include <cstdint>
#include <vector>

#include "graft/core/text.h"

namespace graft {

std::string card_number(double value) { return format_text("%.4f", value); }

std::string card_cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '[') out += '\\';
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string card_row(const std::string& name, const std::string& value) {
  return value.empty() ? "" : "| " + name + " | " + card_cell(value) + " |\n";
}

std::string classes_subject(const RunConfig& config) {
  return counted(config.classes.size(), "class") + " of pictures";
}

std::string class_row(const RunConfig& config, std::size_t i, const std::string& name,
                      std::optional<std::int64_t> held_out) {
  // Empty if the run did not record it.
  const auto count = [&](const std::vector<std::int64_t>& counts) {
    return i < counts.size() ? std::to_string(counts[i]) : "";
  };
  return "| " + std::to_string(i) + " | " + card_cell(name) + " | " + count(config.train_counts) + " | " +
         (held_out ? std::to_string(*held_out) : count(config.val_counts)) + " |";
}

}  // namespace graft
