// Identical files in two classes, on both sides, or more than once on one side.
#include <algorithm>
#include <numeric>
#include <string_view>
#include <utility>

#include "graft/check/findings.h"

namespace graft {
namespace {

using Group = std::vector<std::uint32_t>;

// The groups of two or more, each in the order of the pictures, sorted by their first pictures.
std::vector<Group> groups_of_copies(const CheckedData& data) {
  Group order;
  for (std::size_t i = 0; i < data.facts.size(); ++i) {
    if (data.facts[i].problem.empty()) order.push_back(static_cast<std::uint32_t>(i));
  }
  const auto content = [&](std::uint32_t i) { return data.facts[i].content; };
  std::stable_sort(order.begin(), order.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return content(a) < content(b); });
  std::vector<Group> groups;
  for (auto first = order.begin(); first != order.end();) {
    const auto last =
        std::find_if(first, order.end(), [&](std::uint32_t i) { return content(i) != content(*first); });
    if (last - first > 1) groups.emplace_back(first, last);
    first = last;
  }
  std::sort(groups.begin(), groups.end());
  return groups;
}

}  // namespace

std::vector<Finding> copy_findings(const CheckedData& data) {
  Finding two_labels{"copies_two_labels",
                     Severity::problem,
                     data.labels == LabelKind::single  ? "the same file in two classes"
                     : data.labels == LabelKind::multi ? "the same file with different classes"
                                                       : "the same file with different numbers",
                     "keep the correct one",
                     {}};
  Finding leaked{"copies_leaked",
                 Severity::problem,
                 data.test == 0 ? "the same file in training and validation"
                                : "the same file in two of training, validation and test",
                 "keep it in one of them: it makes the metrics too high",
                 {}};
  Finding repeated{"copies",
                   Severity::note,
                   data.labels == LabelKind::single  ? "the same file more than once in a class"
                   : data.labels == LabelKind::multi ? "the same file more than once with the same classes"
                                                     : "the same file more than once with the same number",
                   "keep one; each copy counts as a picture",
                   {}};
  for (Group& group : groups_of_copies(data)) {
    const auto differs = [&](auto&& of) {
      return std::any_of(group.begin(), group.end(),
                         [&](std::uint32_t i) { return of(i) != of(group.front()); });
    };
    Finding& finding = differs([&](std::uint32_t i) { return data.samples[i].label; }) ? two_labels
                       : differs([&](std::uint32_t i) { return std::string_view(data.part_of(i)); })
                           ? leaked
                           : repeated;
    std::string parts = data.parts_of(group);
    finding.items.push_back({std::move(group), std::move(parts)});
  }
  return {std::move(two_labels), std::move(leaked), std::move(repeated)};
}

}  // namespace graft
