// How --help looks: "--lr NUMBER [0.001]", switches by both their names.
#pragma once

#include <CLI/CLI.hpp>

namespace graft::cli {

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(34); }
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace graft::cli
