#include "graft/data/sample_order.h"

#include <algorithm>
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

std::vector<std::uint32_t> sample_order(const std::vector<Sample>& samples, const LoaderPass& pass,
                                        std::uint64_t epoch) {
  const Random random(pass.seed, epoch, 0, random_stream::shuffle);
  if (pass.sampling == Sampling::balanced) return balanced_order(samples, random);
  if (pass.shuffle) return permutation(static_cast<std::uint32_t>(samples.size()), random);
  std::vector<std::uint32_t> order(samples.size());
  std::iota(order.begin(), order.end(), 0U);
  return order;
}

BatchOrder::BatchOrder(const std::vector<std::uint32_t>& all, std::size_t batch_size, int rank,
                       int world_size)
    : firsts_{0} {
  const auto part = static_cast<std::size_t>(rank), parts = static_cast<std::size_t>(world_size);
  for (std::size_t first = 0; first < all.size(); first += batch_size) {
    const std::size_t count = std::min(batch_size, all.size() - first);
    const std::size_t from = first + count * part / parts, to = first + count * (part + 1) / parts;
    order_.insert(order_.end(), all.begin() + static_cast<std::ptrdiff_t>(from),
                  all.begin() + static_cast<std::ptrdiff_t>(to));
    firsts_.push_back(order_.size());
    largest_ = std::max(largest_, to - from);
  }
}

std::span<const std::uint32_t> BatchOrder::batch(std::size_t number) const {
  return std::span(order_).subspan(firsts_[number], firsts_[number + 1] - firsts_[number]);
}

BatchOrder::Place BatchOrder::place(std::size_t position) const {
  const auto next = std::upper_bound(firsts_.begin(), firsts_.end(), position);
  const auto batch = static_cast<std::size_t>(next - firsts_.begin()) - 1;
  return {batch, position - firsts_[batch]};
}

}  // namespace graft
