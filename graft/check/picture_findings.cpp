// Findings about single pictures.
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "graft/check/findings.h"

namespace graft {
namespace {

// What is to be said of one picture: nothing, or a detail, which may be empty.
using Judge = std::function<std::optional<std::string>(const PictureFacts&, const std::string& path)>;

// `finding` with an item for each picture that `judge` has something to say of.
Finding judged(const CheckedData& data, Finding finding, const Judge& judge) {
  for (std::size_t i = 0; i < data.facts.size(); ++i) {
    if (auto detail = judge(data.facts[i], data.samples[i].path)) {
      finding.items.push_back({{static_cast<std::uint32_t>(i)}, std::move(*detail)});
    }
  }
  return finding;
}

// The same of pictures that could be read, by a yes or no.
Finding noted(const CheckedData& data, const char* name, const char* what, const char* advice,
              const std::function<bool(const PictureFacts&)>& is_so) {
  return judged(data, {name, Severity::note, what, advice, {}},
                [&](const PictureFacts& facts, const std::string&) -> std::optional<std::string> {
                  if (!facts.problem.empty() || !is_so(facts)) return std::nullopt;
                  return "";
                });
}

std::string sides(const Size& size) {
  return std::to_string(size.width) + " x " + std::to_string(size.height);
}

Finding unreadable(const CheckedData& data) {
  return judged(data,
                {"unreadable",
                 Severity::problem,
                 "pictures that cannot be read",
                 "replace or remove them; a training with `skip_bad` leaves them out",
                 {}},
                [](const PictureFacts& facts, const std::string&) -> std::optional<std::string> {
                  if (facts.problem.empty()) return std::nullopt;
                  return facts.problem;
                });
}

Finding wrong_ending(const CheckedData& data) {
  return judged(data,
                {"wrong_ending",
                 Severity::note,
                 "files that are not what their ending says",
                 "nothing to do here: graft reads them; other programs may not",
                 {}},
                [](const PictureFacts& facts, const std::string& path) -> std::optional<std::string> {
                  if (facts.format == PictureFormat::unknown || ending_fits(path, facts.format))
                    return std::nullopt;
                  return std::string("a ") + to_string(facts.format);
                });
}

Finding small(const CheckedData& data, int input_size) {
  return judged(data,
                {"small",
                 Severity::note,
                 "pictures with a side smaller than the network's input",
                 "they are enlarged, which adds nothing to see (`input_size`)",
                 {}},
                [&](const PictureFacts& facts, const std::string&) -> std::optional<std::string> {
                  if (!facts.problem.empty()) return std::nullopt;
                  if (std::min(facts.size.height, facts.size.width) >= input_size) return std::nullopt;
                  return sides(facts.size);
                });
}

Finding elongated(const CheckedData& data, double elongation) {
  return judged(data,
                {"elongated",
                 Severity::note,
                 "pictures much longer than wide, or wider than long",
                 "validation sees the middle alone; crop them to what matters (`elongation`)",
                 {}},
                [&](const PictureFacts& facts, const std::string&) -> std::optional<std::string> {
                  if (!facts.problem.empty()) return std::nullopt;
                  const auto [shorter, longer] = std::minmax(facts.size.height, facts.size.width);
                  if (longer < elongation * shorter) return std::nullopt;
                  return sides(facts.size);
                });
}

}  // namespace

std::vector<Finding> picture_findings(const CheckedData& data, const CheckOptions& options) {
  return {
      unreadable(data),
      small(data, options.input_size),
      elongated(data, options.elongation),
      wrong_ending(data),
      noted(data, "turned", "pictures that a camera held another way up has marked so (EXIF)",
            "train with `exif` to turn them; the mark is ignored otherwise",
            [&](const PictureFacts& facts) { return facts.turned && !options.decode.exif; }),
      noted(data, "grey", "pictures without colour", "see that it is not one class alone that has none",
            [](const PictureFacts& facts) { return facts.grey; }),
      noted(data, "transparent", "pictures with transparency",
            "what lies under it shows; train with `alpha` white to put a background there",
            [&](const PictureFacts& facts) { return facts.transparent && options.decode.alpha == "drop"; }),
      noted(data, "inks", "JPEGs made for printing (CMYK)",
            "their colours are converted roughly, as by Pillow; convert them where that matters",
            [](const PictureFacts& facts) { return facts.inks; }),
      noted(data, "vague", "pictures with hardly anything to see",
            "look at them; they are not compared by their looks",
            [](const PictureFacts& facts) { return facts.look.vague; })};
}

}  // namespace graft
