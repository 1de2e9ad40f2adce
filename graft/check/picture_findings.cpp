// Findings about single pictures.
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "graft/check/findings.h"

namespace graft {
namespace {

// The detail of a picture's item, which may be empty, or nothing if there is no item.
using Judge = std::function<std::optional<std::string>(const PictureFacts&, const std::string& path)>;

// `finding` with an item for each picture for which `judge` returns a detail.
Finding judged(const CheckedData& data, Finding finding, const Judge& judge) {
  for (std::size_t i = 0; i < data.facts.size(); ++i) {
    if (auto detail = judge(data.facts[i], data.samples[i].path)) {
      finding.items.push_back({{static_cast<std::uint32_t>(i)}, std::move(*detail)});
    }
  }
  return finding;
}

// The same for readable pictures and a condition.
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
                 "replace or remove them; training with `skip_bad` skips them",
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
                 "files whose format does not match their ending",
                 "no action needed: graft reads them; other programs may not",
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
                 "they are enlarged, which adds no detail (`input_size`)",
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
                 "validation uses only the centre; crop them to the relevant part (`elongation`)",
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
      noted(data, "turned", "pictures that a camera has marked as rotated (EXIF)",
            "train with `exif` to rotate them; otherwise the mark is ignored",
            [&](const PictureFacts& facts) { return facts.turned && !options.decode.exif; }),
      noted(data, "grey", "pictures without colour", "check that not only one class is without colour",
            [](const PictureFacts& facts) { return facts.grey; }),
      noted(data, "transparent", "pictures with transparency",
            "the colours under it are used; train with `alpha` white for a white background",
            [&](const PictureFacts& facts) { return facts.transparent && options.decode.alpha == "drop"; }),
      noted(data, "inks", "JPEGs made for printing (CMYK)",
            "their colours are converted approximately, as by Pillow; convert them if that matters",
            [](const PictureFacts& facts) { return facts.inks; }),
      noted(data, "vague", "pictures with almost no visible content",
            "inspect them; they are not compared for likeness",
            [](const PictureFacts& facts) { return facts.look.vague; })};
}

}  // namespace graft
