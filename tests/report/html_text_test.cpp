#include "graft/report/html_text.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

TEST(HtmlText, TextIsEscaped) {
  EXPECT_EQ(escape_html("<script>alert(\"x\" & 'y')</script>"),
            "&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;");
  EXPECT_EQ(escape_html("ü 日本 🐜"), "ü 日本 🐜");
}

TEST(HtmlText, InvalidUtf8IsReplaced) {
  EXPECT_EQ(escape_html("a\xff"
                        "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(escape_html("\xe6\x97"), "\xEF\xBF\xBD\xEF\xBF\xBD");  // truncated
  EXPECT_EQ(escape_html(std::string("a\0b\x1b\n", 5)), "a b \n");
}

TEST(HtmlText, AWordBreaksOnlyIfItDoesNotFitOnALine) {
  EXPECT_EQ(wrapped_html("parameters of <b>"), "parameters of &lt;b&gt;");
  EXPECT_EQ(wrapped_html(""), "");
  EXPECT_EQ(wrapped_html(" a\n b "), " a\n b ");
  EXPECT_EQ(wrapped_html("--label-smoothing 0.1"), "<span class=\"word\">--label-smoothing</span> 0.1");
  EXPECT_EQ(wrapped_html("of 2709775832_85b4b50a57.jpg"),
            "of <span class=\"long\">2709775832_<wbr>85b4b50a57.jpg</span>");
  EXPECT_EQ(wrapped_html("/home/shared/data/hymenoptera/"),
            "<span class=\"long\">/<wbr>home/<wbr>shared/<wbr>data/<wbr>hymenoptera/</span>");
  EXPECT_EQ(wrapped_html(std::string(30, '&')).find("<span class=\"long\">&amp;&amp;"), 0U);
}

TEST(HtmlText, Base64EqualsTheVectorsOfRfc4648) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foob"), "Zm9vYg==");
  EXPECT_EQ(base64("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
  EXPECT_EQ(data_uri("image/png", "foo"), "data:image/png;base64,Zm9v");
}

}  // namespace
}  // namespace graft
