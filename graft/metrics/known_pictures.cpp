#include "graft/metrics/known_pictures.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "graft/core/random.h"
#include "graft/metrics/conformal.h"

namespace graft {
namespace {

KnownPictures::Signal signal_of(std::span<const float> values) {
  double sum = 0, squares = 0;
  const auto count = static_cast<double>(values.size());
  for (const float each : values) sum += each;
  const double mean = sum / count;
  for (const float each : values) squares += (each - mean) * (each - mean);
  const double deviation = std::sqrt(squares / count);
  // Below it are differences of rounding.
  constexpr double least = 1e-6;
  return {mean, deviation > least * std::max(1.0, std::abs(mean)) ? deviation : 0};
}

double in_deviations(const KnownPictures::Signal& signal, double value) {
  return signal.deviation > 0 ? (value - signal.mean) / signal.deviation : 0;
}

}  // namespace

std::optional<KnownPictures> measure_signals(std::span<const float> distances,
                                             std::span<const float> energies, double false_alarm) {
  const std::size_t count = distances.size();
  if (count == 0 || count < least_scores(1 - false_alarm)) return std::nullopt;
  KnownPictures known;
  known.distance = signal_of(distances);
  known.energy = signal_of(energies);
  known.false_alarm = false_alarm;
  known.held_out = static_cast<std::int64_t>(count);
  if (known.distance.deviation == 0 && known.energy.deviation == 0) return std::nullopt;
  std::vector<double> scores;
  for (std::size_t i = 0; i < count; ++i) scores.push_back(unknown_score(known, distances[i], energies[i]));
  std::sort(scores.begin(), scores.end());
  const auto rank = static_cast<std::size_t>(
      std::ceil(static_cast<double>(count + 1) * (1 - false_alarm) - 1e-9));  // as in conformal.cpp
  known.threshold = scores[std::min(rank, count) - 1];
  return known;
}

double unknown_score(const KnownPictures& known, double distance, double energy) {
  return in_deviations(known.distance, distance) + in_deviations(known.energy, energy);
}

void to_unit_length(std::span<float> rows, std::size_t width) {
  for (std::size_t begin = 0; begin + width <= rows.size(); begin += width) {
    double squares = 0;
    for (const float each : rows.subspan(begin, width)) squares += static_cast<double>(each) * each;
    const double length = std::sqrt(squares);
    if (!(length > 0)) continue;
    for (float& each : rows.subspan(begin, width)) each = static_cast<float>(each / length);
  }
}

std::vector<std::size_t> spread_over_classes(std::span<const std::int64_t> strata, std::size_t most,
                                             std::uint64_t seed) {
  std::map<std::int64_t, std::vector<std::size_t>> of_class;
  for (std::size_t i = 0; i < strata.size(); ++i) of_class[strata[i]].push_back(i);
  std::vector<std::vector<std::size_t>> classes;
  for (auto& [stratum, members] : of_class) {
    const auto order = permutation(static_cast<std::uint32_t>(members.size()),
                                   Random(seed, static_cast<std::uint64_t>(stratum), 0));
    std::vector<std::size_t>& shuffled = classes.emplace_back();
    for (const std::uint32_t i : order) shuffled.push_back(members[i]);
  }
  std::vector<std::size_t> chosen;
  for (std::size_t round = 0; chosen.size() < std::min(most, strata.size()); ++round) {
    for (const auto& members : classes) {
      if (round < members.size() && chosen.size() < most) chosen.push_back(members[round]);
    }
  }
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

}  // namespace graft
