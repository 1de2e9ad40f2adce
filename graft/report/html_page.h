// The frame of a page, one file that needs nothing from anywhere else, and the pieces that several sections
// have. Where scripts run, hints stand beside the pointer and tables are sorted by a click; all of the page
// can be read without.
#pragma once

#include <string>
#include <vector>

namespace graft {

struct HtmlSection {
  std::string id, title;  // in the page's list of sections
  std::string content;    // HTML
};

// `title`, the sections' titles and `made_from`, which the page's last line names, are text. `introduction`
// is HTML and stands above the sections. Sections without content are left out.
std::string html_page(const std::string& title, const std::string& introduction,
                      const std::vector<HtmlSection>& sections, const std::string& made_from);

// A figure with its name, and a line below that explains it (may be empty).
std::string headline(const std::string& name, const std::string& value, const std::string& note = "");

// What the reader must know before the rest.
std::string notice(const std::string& text);

// <svg> elements beside each other, as far as the page is wide enough.
std::string charts(const std::string& drawings);

// HTML that is folded up under its summary.
std::string details(const std::string& summary, const std::string& content);

}  // namespace graft
