#include "graft/report/html_page.h"

#include "graft/report/html_assets.h"
#include "graft/report/html_text.h"

namespace graft {
namespace {

// The policy makes the browser itself refuse anything that is not in the file.
std::string head(const std::string& title) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
         "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
         "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
         "<meta name=\"generator\" content=\"graft\">\n<link rel=\"icon\" href=\"data:,\">\n<title>" +
         escape_html(title) + "</title>\n<style>" + page_style() + "</style>\n</head>\n";
}

}  // namespace

std::string html_page(const std::string& title, const std::string& introduction,
                      const std::vector<HtmlSection>& sections, const std::string& made_from) {
  std::string links, body;
  for (const HtmlSection& section : sections) {
    if (section.content.empty()) continue;
    links += "<a href=\"#" + section.id + "\">" + escape_html(section.title) + "</a>\n";
    body += "<section id=\"" + section.id + "\" aria-labelledby=\"" + section.id + "-title\">\n<h2 id=\"" +
            section.id + "-title\">" + escape_html(section.title) + "</h2>\n" + section.content +
            "</section>\n";
  }
  return head(title) + "<body>\n<header>\n<h1>" + escape_html(title) + "</h1>\n" + introduction +
         "<nav aria-label=\"Sections\">\n" + links + "</nav>\n</header>\n<main>\n" + body +
         "</main>\n<footer>Made by graft from " + escape_html(made_from) +
         "; the page needs nothing else.</footer>\n<script>" + page_script() +
         "</script>\n</body>\n</html>\n";
}

std::string headline(const std::string& name, const std::string& value, const std::string& note) {
  return "<div><dt>" + escape_html(name) + "</dt><dd" +
         std::string(value.size() > 13 ? " class=\"long\"" : "") + ">" + escape_html(value) +
         (note.empty() ? "" : "<small>" + escape_html(note) + "</small>") + "</dd></div>\n";
}

}  // namespace graft
