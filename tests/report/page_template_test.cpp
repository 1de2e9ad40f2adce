#include "graft/report/page_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <stdexcept>

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

TEST(PageTemplate, PlaceholdersBecomeTheirValues) {
  EXPECT_EQ(fill("{{a}} and {{b}}{{a}}", {{"b", "two"}, {"a", "one"}}), "one and twoone");
  EXPECT_EQ(fill("{ {a}} }}", {}), "{ {a}} }}");
}

TEST(PageTemplate, TextIsEscapedAndMarkupIsNot) {
  EXPECT_EQ(fill("<p title=\"{{a}}\">{{b}}</p>", {{"a", "\"<&"}, {"b", Markup{"<b>&amp;</b>"}}}),
            "<p title=\"&quot;&lt;&amp;\"><b>&amp;</b></p>");
}

TEST(PageTemplate, ValuesAreNotSearchedForPlaceholders) {
  EXPECT_EQ(fill("{{a}}{{b}}", {{"a", "{{b}}"}, {"b", Markup{"{{a}}"}}}), "{{b}}{{a}}");
}

TEST(PageTemplate, AMismatchIsALogicError) {
  const auto mistake = [](const char* part) { return ThrowsMessage<std::logic_error>(HasSubstr(part)); };
  EXPECT_THAT([] { fill("{{a}}{{b}}", {{"a", "1"}}); }, mistake("no value for {{b}}"));
  EXPECT_THAT([] { fill("{{a}}", {{"a", "1"}, {"b", "2"}}); }, mistake("no placeholder {{b}}"));
  EXPECT_THAT([] { fill("{{a", {{"a", "1"}}); }, mistake("a placeholder has no end"));
  EXPECT_THAT([] { fill("{{ a }}", {{"a", "1"}}); }, mistake("no value for {{ a }}"));
  EXPECT_THAT([] { fill_block("report.html", "usage"); }, mistake("no value for {{run}}"));
  EXPECT_THAT([] { fill_block("report.html", "usages"); }, mistake("report.html has no block \"usages\""));
  EXPECT_THAT([] { page_file("report"); }, mistake("no file report"));
}

TEST(PageTemplate, ABlockEndsWhereTheNextBegins) {
  EXPECT_EQ(fill_block("page.html", "link", {{"id", "a"}, {"title", "<A>"}}),
            "<a href=\"#a\">&lt;A&gt;</a>\n");
  EXPECT_EQ(fill_block("report.html", "no_mistakes"), "<p>There are no mistakes.</p>\n");
}

// Text before the first block, or in a file without blocks, would never be used.
TEST(PageTemplate, EveryFileIsEmbeddedAndEveryHtmlFileConsistsOfBlocks) {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : page_files()) {
    names.push_back(file.name);
    if (file.name.find(".html") == std::string_view::npos) continue;
    EXPECT_EQ(file.text.rfind("<!-- block: ", 0), 0U) << file.name;
    const std::string text(file.text);
    const std::regex begin("<!--.*"), whole("<!-- block: [a-z_]+ -->");
    for (std::sregex_iterator match(text.begin(), text.end(), begin), end; match != end; ++match)
      EXPECT_TRUE(std::regex_match(match->str(), whole)) << file.name << ": " << match->str();
  }
  EXPECT_THAT(names, testing::UnorderedElementsAre("comparison.html", "page.css", "page.html", "page.js",
                                                   "report.html"));
}

// They are inside <style> and <script>, which end at the first end tag.
TEST(PageTemplate, StyleAndScriptDoNotEndTheirElements) {
  EXPECT_EQ(page_file("page.css").find("</"), std::string_view::npos);
  EXPECT_EQ(page_file("page.js").find("</"), std::string_view::npos);
}

}  // namespace
}  // namespace graft
