// How --help looks: "--lr NUMBER [0.001]", switches by both their names.
#pragma once

#include <CLI/CLI.hpp>

namespace graft::cli {

// What an option takes, as people read it; a long list of values is "NAME".
std::string shown_type(const CLI::Option& option);

class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();
  std::string make_option_name(const CLI::Option* option, bool is_positional) const override;
  std::string make_option_opts(const CLI::Option* option) const override;
};

}  // namespace graft::cli
