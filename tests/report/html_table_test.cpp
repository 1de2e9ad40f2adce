#include "graft/report/html_table.h"

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
            "<div class=\"wide\"><table class=\"sortable\"><caption>a &lt;caption&gt;</caption>\n"
            "<thead><tr><th scope=\"col\">class</th><th scope=\"col\" class=\"number\">F1</th></tr></thead>\n"
            "<tbody>\n<tr><th scope=\"row\">&lt;b&gt;</th><td class=\"number\" data-value=\"0.5\">"
            "<span class=\"share\"><span style=\"width:50.0%\"></span></span>0.5000</td></tr>\n"
            "<tr><th scope=\"row\">x</th><td class=\"number\">–</td></tr>\n</tbody></table></div>\n");
}

TEST(HtmlTable, WithoutRowsIsWhole) {
  EXPECT_EQ(HtmlTable("x", {}).str(),
            "<div class=\"wide\"><table><caption>x</caption>\n<thead><tr></tr></thead>\n<tbody>\n"
            "</tbody></table></div>\n");
}

}  // namespace
}  // namespace graft
