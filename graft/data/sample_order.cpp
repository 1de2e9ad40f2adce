#include "graft/data/sample_order.h"

#include <map>
#include <numeric>

#include "graft/core/random.h"
#include "graft/data/random_streams.h"

namespace graft {
namespace {

std::vector<std::uint32_t> balanced_order(const std::vector<Sample>& samples, Random random) {
  std::map<std::int64_t, std::vector<std::uint32_t>> by_label;
  for (std::size_t i = 0; i < samples.size(); ++i)
    by_label[samples[i].label].push_back(static_cast<std::uint32_t>(i));
  std::vector<const std::vector<std::uint32_t>*> labels;
  for (const auto& [label, members] : by_label) labels.push_back(&members);
  std::vector<std::uint32_t> order(samples.size());
  for (std::uint32_t& index : order) {
    const auto& members = *labels[random.below(labels.size())];
    index = members[random.below(members.size())];
  }
  return order;
}

}  // namespace

std::vector<std::uint32_t> sample_order(const std::vector<Sample>& samples, const LoaderOptions& options,
                                        std::uint64_t epoch) {
  const Random random(options.seed, epoch, 0, random_stream::shuffle);
  if (options.sampling == Sampling::balanced) return balanced_order(samples, random);
  if (options.shuffle) return permutation(static_cast<std::uint32_t>(samples.size()), random);
  std::vector<std::uint32_t> order(samples.size());
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

}  // namespace graft
