// The frame of a self-contained page, and common parts of its sections. With scripts, hints appear beside the
// pointer and tables can be sorted by a click; the page is complete without scripts.
#pragma once

#include <string>
#include <vector>

namespace graft {

struct HtmlSection {
  std::string id, title;  // in the page's list of sections
  std::string content;    // HTML
};

// `title`, the sections' titles and `made_from` (in the page's last line) are text. `introduction` is HTML
// above the sections. Sections without content are omitted.
std::string html_page(const std::string& title, const std::string& introduction,
                      const std::vector<HtmlSection>& sections, const std::string& made_from);

// A value with its name, and a note below it (may be empty).
std::string headline(const std::string& name, const std::string& value, const std::string& note = "");

// An important notice.
std::string notice(const std::string& text);

// <svg> elements side by side, as the width of the page allows.
std::string charts(const std::string& drawings);

// HTML that is collapsed under its summary.
std::string details(const std::string& summary, const std::string& content);

}  // namespace graft
