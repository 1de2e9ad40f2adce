// The frame of a page: one file that needs nothing from anywhere else.
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

}  // namespace graft
