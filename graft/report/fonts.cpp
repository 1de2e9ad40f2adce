#include "graft/report/report.h"

#include "graft/core/text.h"
#include "graft/report/cairo.h"

namespace graft {

std::vector<std::string> font_warnings(std::span<const std::string> texts) {
  if (!can_read_fonts())
    return {
        "no thread can be started to read the fonts: text in pictures has plain Latin letters, and ? for "
        "others; raise the limit on threads (ulimit -u)"};
  const CairoPage page(1, 1, "fonts");
  if (!has_fonts(page.context()))
    return {
        "no font is installed: text in pictures has plain Latin letters, and ? for others; install one "
        "(Debian: fonts-dejavu-core, for Chinese and Japanese fonts-wqy-microhei)"};
  std::vector<std::string> lacking;
  for (const std::string& text : texts) {
    if (!fonts_have(page.context(), text)) lacking.push_back(text);
  }
  if (lacking.empty()) return {};
  constexpr std::size_t named = 5;
  return {"no installed font has all characters of " + shorten_list(lacking, named) +
          ": pictures show boxes instead; install a font that has them (Debian: fonts-wqy-microhei "
          "for Chinese and Japanese, fonts-noto for others)"};
}

}  // namespace graft
