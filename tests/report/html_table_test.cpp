#include "graft/report/html_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace graft {
namespace {

TEST(HtmlTable, HasHeadingsForRowsAndColumns) {
  HtmlTable table("a <caption>", {{"class"}, {"F1", true}}, true);
  table.row();
  table.cell("<b>");
  table.share(0.5);
  table.row();
  table.cell("x");
  table.cell("–", std::nan(""));
  EXPECT_EQ(table.str(),
            "<div class=\"table\"><p class=\"caption\">a &lt;caption&gt;</p>\n"
            "<div class=\"wide\" role=\"region\" tabindex=\"0\" aria-label=\"a &lt;caption&gt;\">"
            "<table class=\"sortable\">\n"
            "<thead><tr><th scope=\"col\">class</th><th scope=\"col\" class=\"number\">F1</th></tr></thead>\n"
            "<tbody>\n<tr><th scope=\"row\">&lt;b&gt;</th><td class=\"number\" data-value=\"0.5\">"
            "<span class=\"share\"><span style=\"width:50.0%\"></span></span>0.5000</td></tr>\n"
            "<tr><th scope=\"row\">x</th><td class=\"number\">–</td></tr>\n</tbody></table></div></div>\n");
}

TEST(HtmlTable, WithoutRowsIsComplete) {
  EXPECT_EQ(HtmlTable("x", {}).str(),
            "<div class=\"table\"><p class=\"caption\">x</p>\n<div class=\"wide\" role=\"region\" "
            "tabindex=\"0\" aria-label=\"x\"><table>\n<thead><tr></tr></thead>\n<tbody>\n"
            "</tbody></table></div></div>\n");
}

TEST(HtmlTable, AColumnHasItsColourAndItsOrderAndARowCanBeMarked) {
  HtmlTable table("x", {{"run"},
                        {"loss", true, InkChoice::series(1), Sorted::falling},
                        {.name = "rmse", .sorted = Sorted::rising}});
  table.row(true);
  table.cell("a");
  EXPECT_THAT(table.str(), ::testing::HasSubstr("<th scope=\"col\" class=\"number\" aria-sort=\"descending\" "
                                                "style=\"border-bottom:2px solid var(--s1)\">"));
  EXPECT_THAT(table.str(), ::testing::HasSubstr("<th scope=\"col\" aria-sort=\"ascending\">rmse<"));
  EXPECT_THAT(table.str(), ::testing::HasSubstr("<tr class=\"marked\"><th scope=\"row\">a</th>"));
}

TEST(HtmlTable, ManyNumbersGiveTheHeadingItsOwnLine) {
  std::vector<Column> columns = {{"class"}, {"a", true}, {"b", true}, {"c", true}, {"d", true}};
  columns.push_back({.name = "e", .number = true, .minor = true});
  EXPECT_THAT(HtmlTable("x", columns, true).str(), ::testing::HasSubstr("<table class=\"sortable\">"));
  columns.push_back({"f", true});
  EXPECT_THAT(HtmlTable("x", columns, true).str(),
              ::testing::HasSubstr("<table class=\"sortable stacked\" style=\"--numbers:5\">"));
  columns.front().number = true;
  EXPECT_THAT(HtmlTable("x", columns).str(), ::testing::HasSubstr("<table>"));
}

TEST(HtmlTable, CellsOfMinorColumnsAreMarked) {
  HtmlTable table(
      "x", {{"run"}, {.name = "time", .number = true, .minor = true}, {.name = "folder", .minor = true}});
  table.row();
  for (const char* text : {"a", "1 s", "b"}) table.cell(text);
  EXPECT_THAT(table.str(), ::testing::HasSubstr("<th scope=\"col\" class=\"number minor\">time</th>"));
  EXPECT_THAT(table.str(),
              ::testing::HasSubstr("<td class=\"number minor\">1 s</td><td class=\"minor\">b</td>"));
}

}  // namespace
}  // namespace graft
