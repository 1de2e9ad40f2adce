// The form of --help: "--lr NUMBER [0.001]", switches with both their names.
#pragma once

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <string>
#include <string_view>

#include "graft/report/page_template.h"

namespace graft::cli {

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
};

// A file of cli/templates, which the build embeds, with the values of its placeholders.
std::string fill_template(std::string_view file, std::initializer_list<FillValue> values);

// `text` with each `part` replaced by `by`.
std::string replace_all(std::string text, std::string_view part, std::string_view by);

}  // namespace graft::cli
