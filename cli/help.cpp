#include "cli/help.h"

namespace graft::cli {

std::string shown_type(const CLI::Option& option) {
  constexpr std::size_t longest = 60;
  std::string type = option.get_type_name();
  const std::size_t from = type.find('{'), to = type.find('}');
  if (to != std::string::npos && from < to && to - from > longest) type.replace(from, to - from + 1, "NAME");
  return type;
}

HelpFormatter::HelpFormatter() {
  column_width(34);
  label("SUBCOMMAND", "VERB");
}

std::string HelpFormatter::make_option_name(const CLI::Option* option, bool is_positional) const {
  // CLI11 marks the name that turns a switch off.
  const std::string mark = "{false}";
  std::string name = CLI::Formatter::make_option_name(option, is_positional);
  const auto at = name.find(mark);
  return at == std::string::npos ? name : name.erase(at, mark.size());
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  if (option->get_type_size() == 0 || option->get_positional()) return "";
  std::string text = " " + shown_type(*option);
  if (!option->get_default_str().empty()) text += " [" + option->get_default_str() + "]";
  return text;
}

}  // namespace graft::cli
