#include "graft/report/html_page.h"

#include <string_view>
#include <utility>

#include "graft/report/page_template.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

constexpr const char* page_blocks = "page.html";

Markup style() {
  return {fill(page_file("page.css"),
               {{"light", Markup{palette_css(false)}}, {"dark", Markup{palette_css(true)}}})};
}

// Without line breaks before "%" and around "×".
std::string unbroken(std::string text) {
  for (const auto& [loose, tight] : {std::pair(" %", "\u00a0%"), std::pair(" × ", "\u00a0×\u00a0")}) {
    for (std::size_t at = text.find(loose); at != std::string::npos; at = text.find(loose, at))
      text.replace(at, std::string_view(loose).size(), tight);
  }
  return text;
}

}  // namespace

std::string html_page(const std::string& title, const std::string& introduction,
                      const std::vector<HtmlSection>& sections, const std::string& made_from) {
  std::string links, body;
  for (const HtmlSection& section : sections) {
    if (section.content.empty()) continue;
    links += fill_block(page_blocks, "link", {{"id", section.id}, {"title", section.title}});
    body += fill_block(page_blocks, "section",
                       {{"id", section.id}, {"title", section.title}, {"content", Markup{section.content}}});
  }
  return fill_block(page_blocks, "page",
                    {{"title", title},
                     {"style", style()},
                     {"introduction", Markup{introduction}},
                     {"links", Markup{links}},
                     {"sections", Markup{body}},
                     {"made_from", made_from},
                     {"script", Markup{std::string(page_file("page.js"))}}});
}

std::string headline(const std::string& name, const std::string& value, const std::string& note) {
  return fill_block(
      page_blocks, "headline",
      {{"name", name},
       {"class", Markup{value.size() > 13 ? " class=\"long\"" : ""}},
       {"value", unbroken(value)},
       {"note", Markup{note.empty() ? "" : fill("<small>{{note}}</small>", {{"note", unbroken(note)}})}}});
}

std::string notice(const std::string& text) { return fill_block(page_blocks, "notice", {{"text", text}}); }

std::string charts(const std::string& drawings) {
  return fill_block(page_blocks, "charts", {{"charts", Markup{drawings}}});
}

std::string details(const std::string& summary, const std::string& content) {
  return fill_block(page_blocks, "details", {{"summary", summary}, {"content", Markup{content}}});
}

}  // namespace graft
