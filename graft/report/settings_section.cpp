#include "graft/core/option.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/html_table.h"
#include "graft/report/page_template.h"

namespace graft {
namespace {

bool is_asked(const RunConfig& config, const std::string& name) {
  for (const auto& [asked, value] : config.asked) {
    if (asked == name) return true;
  }
  return false;
}

std::string asked_table(const RunConfig& config) {
  HtmlTable table("Options of the command line", {{"option"}, {"value"}});
  table.row();
  table.cell("data");
  table.cell(config.data);
  for (const auto& [name, value] : config.asked) {
    table.row();
    table.cell(name);
    table.cell(value);
  }
  return table.str();
}

std::string plain_table(const std::string& caption, const ConfigTable& values) {
  if (values.empty()) return "";
  HtmlTable table(caption, {{"name"}, {"value"}});
  for (const auto& [name, value] : values) {
    table.row();
    table.cell(name);
    table.cell(value);
  }
  return table.str();
}

std::string options_table(const RunConfig& config) {
  if (config.options.empty()) return "";
  HtmlTable table("All options with their values", {{"option"}, {"value"}, {"from"}}, true);
  for (const auto& [name, value] : config.options) {
    table.row();
    table.cell(name);
    table.cell(value);
    table.cell(is_asked(config, name) ? "command line" : "");
  }
  return details("All options", table.str());
}

}  // namespace

std::string settings_section(const RunData& run) {
  const RunConfig& config = run.config;
  return fill_block(report_blocks, "settings",
                    {{"asked", Markup{asked_table(config)}},
                     {"chosen", Markup{plain_table("Settings resolved on the machine", config.resolved)}},
                     {"versions", Markup{plain_table("Versions", config.versions)}}}) +
         options_table(config);
}

}  // namespace graft
