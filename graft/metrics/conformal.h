// Prediction sets: the classes of a picture such that the true one is among them with a promised probability.
// Split conformal prediction (Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005)
// with the score 1 − probability of the true class, whose sets are the smallest on average (Sadinle, Lei and
// Wasserman, "Least Ambiguous Set-Valued Classifiers with Bounded Error Levels", 2019).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "graft/metrics/outcomes.h"

namespace graft {

// The scores of pictures that a model was not trained on, in ascending order; of more than 10,000 pictures as
// many quantiles, rounded up. One class per picture.
std::vector<float> conformal_scores(const std::vector<Outcome>& outcomes);

// The probability from which a class belongs to the set. The set then has the true class of a fraction of at
// least `coverage` (0 < coverage < 1) of other pictures of the same kind, in the mean over the choice of the
// held-out pictures. 0: there are too few scores (see least_scores), and every class belongs to it.
double set_threshold(std::span<const float> scores, double coverage);
// The number of scores from which a set can leave a class out.
std::size_t least_scores(double coverage);

// The classes whose probability reaches the threshold, and always the first one. `scores`: all classes, most
// probable first.
std::vector<ClassScore> prediction_set(std::span<const ClassScore> scores, double threshold);

}  // namespace graft
