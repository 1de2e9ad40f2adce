#include "graft/report/page_template.h"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "graft/report/html_text.h"

namespace graft {
namespace {

constexpr std::string_view block_begin = "<!-- block: ", block_end = " -->\n";

[[noreturn]] void refuse(const std::string& problem) { throw std::logic_error("page template: " + problem); }

std::string quoted(std::string_view name) { return "{{" + std::string(name) + "}}"; }

std::string_view block_of(std::string_view file, std::string_view block) {
  const std::string_view text = page_file(file);
  const std::string begin = std::string(block_begin) + std::string(block) + std::string(block_end);
  const std::size_t at = text.find(begin);
  if (at == std::string_view::npos)
    refuse(std::string(file) + " has no block \"" + std::string(block) + "\"");
  const std::string_view rest = text.substr(at + begin.size());
  return rest.substr(0, rest.find(block_begin));
}

}  // namespace

FillValue::FillValue(std::string_view placeholder, std::string_view value)
    : name(placeholder), html(escape_html(value)) {}

FillValue::FillValue(std::string_view placeholder, Markup value)
    : name(placeholder), html(std::move(value.text)) {}

std::string fill(std::string_view text, std::initializer_list<FillValue> values) {
  std::string out;
  std::vector<std::string_view> filled;
  for (std::size_t begin; (begin = text.find("{{")) != std::string_view::npos;) {
    const std::size_t end = text.find("}}", begin);
    if (end == std::string_view::npos) refuse("a placeholder has no end");
    const std::string_view name = text.substr(begin + 2, end - begin - 2);
    const auto* value = std::find_if(values.begin(), values.end(),
                                     [&](const FillValue& candidate) { return candidate.name == name; });
    if (value == values.end()) refuse("no value for " + quoted(name));
    out.append(text.substr(0, begin)).append(value->html);
    filled.push_back(name);
    text.remove_prefix(end + 2);
  }
  for (const FillValue& value : values) {
    if (std::find(filled.begin(), filled.end(), value.name) == filled.end())
      refuse("no placeholder " + quoted(value.name));
  }
  return out.append(text);
}

std::string fill_block(std::string_view file, std::string_view block,
                       std::initializer_list<FillValue> values) {
  return fill(block_of(file, block), values);
}

std::string_view page_file(std::string_view name) {
  for (const EmbeddedFile& file : page_files()) {
    if (file.name == name) return file.text;
  }
  refuse("no file " + std::string(name));
}

}  // namespace graft
