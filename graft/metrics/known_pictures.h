// Whether a picture is like those that a model was trained on. The score of a picture adds two signals, each
// in standard deviations above its mean over pictures that had no part in training:
// - the cosine distance of its features to the nearest training picture's (Sun, Ming, Zhu and Li,
//   "Out-of-Distribution Detection with Deep Nearest Neighbors", 2022),
// - the energy of its logits (Liu, Wang, Owens and Li, "Energy-based Out-of-distribution Detection", 2020),
// for
//   several classes per picture the joint energy (Wang, Liu, Bocchieri and Li, "Can multi-label
//   classification networks know what they don't know?", 2021).
// docs/trust.md has the measurements.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace graft {

struct KnownPictures {
  // A signal's mean and standard deviation over the held-out pictures. 0 for a signal that is the same for
  // all of them: it is ignored.
  struct Signal {
    double mean = 0, deviation = 0;

    bool operator==(const Signal&) const = default;
  };

  std::int64_t num_features = 0;
  std::vector<float> features;  // of training pictures, rows of unit length
  Signal distance, energy;
  double threshold = 0;       // the largest score of a known picture
  double false_alarm = 0;     // the fraction of known pictures whose score may exceed it
  std::int64_t held_out = 0;  // pictures from which the numbers above are

  std::size_t rows() const {
    return num_features == 0 ? 0 : features.size() / static_cast<std::size_t>(num_features);
  }
  bool operator==(const KnownPictures&) const = default;
};

// Measures the signals of held-out pictures: all numbers except the features. The threshold is the
// ⌈(n + 1)(1 − false_alarm)⌉-th smallest score, so that a known picture exceeds it with at most that
// probability (as in conformal.h). 0 < false_alarm < 1. Empty for fewer than 1 / false_alarm − 1 pictures, or
// if no signal differs between them.
std::optional<KnownPictures> measure_signals(std::span<const float> distances,
                                             std::span<const float> energies, double false_alarm);

double unknown_score(const KnownPictures& known, double distance, double energy);

// Divides each row of `width` numbers by its length; a row of zeros stays as it is.
void to_unit_length(std::span<float> rows, std::size_t width);

// `most` of the samples, such that classes have as equal shares as possible, in ascending order; all if there
// are no more. `strata`: the class of each sample.
std::vector<std::size_t> spread_over_classes(std::span<const std::int64_t> strata, std::size_t most,
                                             std::uint64_t seed);

}  // namespace graft
