#include "graft/train/gather.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace graft {
namespace {

using torch::Tensor;

constexpr std::int64_t outcome_numbers = 8;

Tensor to_tensor(const std::vector<Outcome>& outcomes) {
  std::vector<double> numbers;
  for (const Outcome& o : outcomes) {
    numbers.insert(numbers.end(), {static_cast<double>(o.index), static_cast<double>(o.label),
                                   static_cast<double>(o.predicted), o.probability, o.loss,
                                   static_cast<double>(o.rank), o.number, o.true_number});
  }
  return torch::tensor(numbers, torch::kFloat64);
}

std::vector<Outcome> outcomes_of(const Tensor& tensor) {
  std::vector<Outcome> outcomes;
  const auto* n = tensor.const_data_ptr<double>();
  for (const auto* end = n + tensor.numel(); n != end; n += outcome_numbers) {
    outcomes.push_back({static_cast<std::uint32_t>(n[0]), static_cast<std::int64_t>(n[1]),
                        static_cast<std::int64_t>(n[2]), n[3], n[4], static_cast<std::int64_t>(n[5]), n[6],
                        n[7]});
  }
  return outcomes;
}

// Concatenates the ranks' numbers.
template <class Number>
std::vector<Number> joined(const std::vector<Number>& own, GradientSync& sync) {
  constexpr auto type = c10::CppTypeToScalarType<Number>::value;
  const Tensor all = torch::cat(sync.gather(torch::tensor(own, type)));
  return {all.const_data_ptr<Number>(), all.const_data_ptr<Number>() + all.numel()};
}

// rows[order[0]], rows[order[1]], …, each of `width` numbers.
template <class Number>
std::vector<Number> ordered(const std::vector<Number>& rows, const std::vector<std::size_t>& order,
                            std::size_t width) {
  std::vector<Number> result;
  for (const std::size_t row : order) {
    const auto first = rows.begin() + static_cast<std::ptrdiff_t>(row * width);
    result.insert(result.end(), first, first + static_cast<std::ptrdiff_t>(width));
  }
  return result;
}

}  // namespace

std::vector<BadImage> gather(const std::vector<BadImage>& own, GradientSync& sync) {
  if (sync.world_size() == 1) return own;
  std::vector<std::uint8_t> bytes;  // each text with its terminator
  for (const BadImage& image : own) {
    for (const std::string& text : {image.path, image.message}) {
      bytes.insert(bytes.end(), text.begin(), text.end());
      bytes.push_back(0);
    }
  }
  std::vector<std::string> texts(1);
  for (const std::uint8_t byte : joined(bytes, sync)) {
    if (byte == 0) {
      texts.emplace_back();
    } else {
      texts.back().push_back(static_cast<char>(byte));
    }
  }
  std::vector<BadImage> all;
  for (std::size_t i = 0; i + 1 < texts.size(); i += 2) all.push_back({texts[i], texts[i + 1]});
  return all;
}

Evaluation gather(Evaluation own, GradientSync& sync) {
  if (sync.world_size() == 1) return own;
  const std::vector<Outcome> outcomes = outcomes_of(torch::cat(sync.gather(to_tensor(own.outcomes))));
  std::vector<std::size_t> order(outcomes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return outcomes[a].index < outcomes[b].index; });
  const std::vector<float> scores = joined(own.labels.scores, sync);
  const std::size_t width = outcomes.empty() ? 0 : scores.size() / outcomes.size();
  own.outcomes = ordered(outcomes, order, 1);
  own.labels.classes = static_cast<std::int64_t>(width);  // unknown on a rank without samples
  own.labels.scores = ordered(scores, order, width);
  own.labels.truth = ordered(joined(own.labels.truth, sync), order, width);
  const std::vector<float> outputs = joined(own.outputs, sync);
  own.outputs = ordered(outputs, order, outcomes.empty() ? 0 : outputs.size() / outcomes.size());
  own.bad = gather(own.bad, sync);
  return own;
}

}  // namespace graft
