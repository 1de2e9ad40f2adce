#include "graft/session/auto_search.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "graft/core/error.h"
#include "graft/core/stopwatch.h"
#include "graft/core/text.h"
#include "graft/models/hub_model.h"
#include "graft/models/load.h"

namespace graft {
namespace {

// With fewer pictures fine-tuning is not tried: with 244 it is not better than the probe, and its folds take
// minutes (docs/presets.md).
constexpr std::size_t min_pictures_to_tune = 200;
// The share of the time limit in which probes begin; the rest is for fine-tuning and the final training.
constexpr double share_of_probes = 0.5;

double published_accuracy(const Candidate& candidate) {
  const PretrainedWeights* weights = find_pretrained(find_model(candidate.model), candidate.weights);
  return weights == nullptr ? 0 : weights->top1;
}

std::vector<Candidate> candidates_at_hand() {
  std::vector<Candidate> all;
  for (const std::string& name : models_at_hand()) all.push_back({name});
  if (all.empty())
    throw UsageError("`models`", "is missing, and no weights are in the hub cache",
                     "name networks, which are downloaded");
  std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
    return published_accuracy(a) > published_accuracy(b);
  });
  return all;
}

std::vector<Candidate> named_candidates(const Recipe& recipe, const Observer& observer) {
  std::vector<Candidate> all;
  std::set<std::string> names;
  for (const std::string& part : split(recipe.models, ',')) {
    if (trimmed(part).empty()) throw UsageError("`models`", "has an empty name", "leave out the comma");
    Candidate candidate = candidate_of(trimmed(part));
    const auto resolved = resolve_hub_model(candidate.model, candidate.weights, observer.progress);
    candidate = {resolved.model, resolved.weights};
    const std::string model = find_model(candidate.model).name;
    if (!names.insert(model + "=" + candidate.weights).second)
      throw UsageError("`models`", "names \"" + trimmed(part) + "\" twice", "name each network once");
    all.push_back(std::move(candidate));
  }
  return all;
}

// The weights' own way, then the other one of crop and squash; only one if the user gave it.
std::vector<Fit> fits_of(const SearchPlace& place, const Candidate& candidate) {
  const GivenOptions& given = place.job.run.given;
  const Recipe& recipe = place.job.run.recipe;
  if (!given_or(given, "fit", "").empty() || recipe.fit != Recipe().fit) return {recipe.fit};
  const PretrainedWeights* weights = find_pretrained(find_model(candidate.model), candidate.weights);
  const Fit own = weights == nullptr ? Fit::crop : weights->preprocess.fit;
  return {own, own == Fit::squash ? Fit::crop : Fit::squash};
}

// Whether a picture of some class can be held out while another one is trained on.
bool can_be_measured(const Folder& train) {
  if (train.samples.size() < 2) return false;
  if (train.kind() != LabelKind::single) return true;
  const auto counts = train.count_per_class();
  return std::any_of(counts.begin(), counts.end(), [](std::int64_t count) { return count > 1; });
}

// A network with the best of its fits.
struct ProbedNetwork {
  Candidate candidate;
  Probed probed;
  std::size_t row = 0;  // of candidates.csv
};

class Search {
 public:
  Search(const SearchPlace& place, const std::vector<Candidate>& candidates)
      : place_(place), candidates_(candidates), limit_(place.job.run.recipe.time_limit) {}

  Recipe run() {
    probe_all();
    concatenate();
    fine_tune();
    for (TriedCandidate& row : rows_) row.chosen = false;
    rows_[leader_row_].chosen = true;
    write();
    return leader_.recipe;
  }

 private:
  bool is_late(double share, double next) const {
    return limit_ > 0 && watch_.seconds() + next > share * limit_;
  }

  void probe_all() {
    for (const Candidate& candidate : candidates_) {
      for (const Fit fit : fits_of(place_, candidate)) probe(candidate, fit);
    }
    if (networks_.empty())
      throw Error("auto", "no network could be measured: " + rows_.front().note,
                  "name other networks with `models`");
    const auto best = std::min_element(networks_.begin(), networks_.end(), [](const auto& a, const auto& b) {
      return a.probed.best.row.loss < b.probed.best.row.loss;
    });
    lead(best->probed.best, best->row);
  }

  void probe(const Candidate& candidate, Fit fit) {
    TriedCandidate failed{"probe", name_of(candidate), EnumNames<Fit>::names[static_cast<std::size_t>(fit)]};
    if (!networks_.empty() && is_late(share_of_probes, longest_)) {
      failed.note = "no time within `time_limit`";
      return add(failed);
    }
    try {
      Probed probed = probe_candidate(place_, candidate, fit);
      longest_ = std::max(longest_, probed.best.row.seconds);
      add(probed.best.row);
      keep(candidate, std::move(probed));
    } catch (const EngineError&) {
      throw;
    } catch (const Error& error) {
      failed.note = error.what();
      add(failed);
    }
  }

  // Of each network its best fit, because features take memory.
  void keep(const Candidate& candidate, Probed probed) {
    const std::size_t row = rows_.size() - 1;
    const auto same = std::find_if(networks_.begin(), networks_.end(), [&](const ProbedNetwork& each) {
      return name_of(each.candidate) == name_of(candidate);
    });
    if (same == networks_.end()) {
      networks_.push_back({candidate, std::move(probed), row});
    } else if (probed.best.row.loss < same->probed.best.row.loss) {
      *same = {candidate, std::move(probed), row};
    }
  }

  // The best two and the best three networks as one. The features of each alone, which are at hand, say
  // whether the pass over the pictures that measures them together is worth it.
  void concatenate() {
    std::vector<const ProbedNetwork*> best;
    for (const ProbedNetwork& each : networks_) {
      if (each.candidate.weights == "default") best.push_back(&each);
    }
    std::stable_sort(best.begin(), best.end(), [](const ProbedNetwork* a, const ProbedNetwork* b) {
      return a->probed.best.row.loss < b->probed.best.row.loss;
    });
    for (std::size_t count = 2; count <= std::min<std::size_t>(3, best.size()); ++count)
      concatenate({best.begin(), best.begin() + static_cast<std::ptrdiff_t>(count)});
  }

  void concatenate(const std::vector<const ProbedNetwork*>& parts) {
    const Stopwatch watch;
    std::vector<std::string> names;
    double seconds = 0;
    for (const ProbedNetwork* part : parts) {
      names.push_back(find_model(part->candidate.model).name);
      seconds += part->probed.best.row.seconds;
    }
    const Fit fit = parts.front()->probed.best.recipe.fit;
    TriedCandidate failed{"concatenation", join(names, "+"),
                          EnumNames<Fit>::names[static_cast<std::size_t>(fit)]};
    try {
      find_model(failed.model);  // throws if they cannot be joined
      MeasuredCandidate sketch =
          best_views(place_, joined_features(parts), leader_.recipe, /*with_bias=*/true);
      const Outcomes before = same_pictures(leader_.outcomes, sketch.outcomes);
      if (!proves_itself(sketch.outcomes, before, place_.metrics())) {
        const LossDifference loss = loss_difference(sketch.outcomes, before);
        sketch.row.kind = failed.kind;
        sketch.row.model = failed.model;
        sketch.row.fit = failed.fit;
        sketch.row.difference = loss.mean;
        sketch.row.standard_error = loss.standard_error;
        sketch.row.seconds = watch.seconds();
        sketch.row.note = "from the features of each network alone";
        return add(sketch.row);
      }
      if (is_late(share_of_probes, seconds)) throw Error("auto", "no time within `time_limit`");
      MeasuredCandidate joined = probe_candidate(place_, {failed.model}, fit).best;
      joined.row.kind = failed.kind;
      challenge(std::move(joined));
    } catch (const EngineError&) {
      throw;
    } catch (const Error& error) {
      failed.note = error.problem();
      add(failed);
    }
  }

  static ViewFeatures joined_features(const std::vector<const ProbedNetwork*>& parts) {
    ViewFeatures joined = parts.front()->probed.features;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const ViewFeatures& next = parts[i]->probed.features;
      if (next.centre.indices != joined.centre.indices || next.more.size() != joined.more.size())
        throw Error("auto", "the networks have features of different pictures");
      joined.centre.features = torch::cat({joined.centre.features, next.centre.features}, 1);
      for (std::size_t view = 0; view < next.more.size(); ++view)
        joined.more[view] = torch::cat({joined.more[view], next.more[view]}, 1);
    }
    return joined;
  }

  void fine_tune() {
    const std::size_t pictures = place_.train().samples.size();
    if (pictures < min_pictures_to_tune) return;
    const ProbedNetwork& best = *std::min_element(
        networks_.begin(), networks_.end(),
        [](const auto& a, const auto& b) { return a.probed.best.row.loss < b.probed.best.row.loss; });
    const double left = limit_ > 0 ? std::max(1e-3, limit_ - watch_.seconds()) : 0;
    challenge(tune_candidate(place_, best.probed.best, left));
  }

  // A costlier candidate: it leads if it proves itself.
  void challenge(MeasuredCandidate costlier) {
    if (costlier.outcomes.outcomes.empty()) return add(costlier.row);
    const Outcomes before = same_pictures(leader_.outcomes, costlier.outcomes);
    const LossDifference loss = loss_difference(costlier.outcomes, before);
    costlier.row.difference = loss.mean;
    costlier.row.standard_error = loss.standard_error;
    add(costlier.row);
    if (proves_itself(costlier.outcomes, before, place_.metrics()))
      lead(std::move(costlier), rows_.size() - 1);
  }

  void lead(MeasuredCandidate measured, std::size_t row) {
    leader_ = std::move(measured);
    leader_row_ = row;
  }

  void add(const TriedCandidate& row) {
    rows_.push_back(row);
    write();
    if (place_.observer.candidate_end) place_.observer.candidate_end(row);
  }

  void write() const {
    if (place_.job.lock) place_.job.lock->check();
    write_candidates(place_.job.folder.candidates(), rows_);
  }

  const SearchPlace& place_;
  const std::vector<Candidate>& candidates_;
  const double limit_;
  const Stopwatch watch_;
  std::vector<TriedCandidate> rows_;
  std::vector<ProbedNetwork> networks_;
  double longest_ = 0;  // seconds of a probe
  MeasuredCandidate leader_;
  std::size_t leader_row_ = 0;
};

// Without a picture to spare nothing can be measured: the network with the best published accuracy.
Recipe first_candidate(const SearchPlace& place, const Candidate& candidate) {
  Recipe recipe = place.job.run.recipe;
  recipe.model = find_model(candidate.model).name;
  recipe.weights = candidate.weights;
  recipe.fit = fits_of(place, candidate).front();
  TriedCandidate row{"probe", name_of(candidate), EnumNames<Fit>::names[static_cast<std::size_t>(recipe.fit)],
                     recipe.views};
  row.chosen = true;
  row.note = "not measured: no class has two training pictures";
  place.observer.warn(
      "no class has two training pictures, so nothing can be measured by cross-validation: the first "
      "network, " +
      row.model + ", is used");
  write_candidates(place.job.folder.candidates(), {row});
  if (place.observer.candidate_end) place.observer.candidate_end(row);
  return recipe;
}

}  // namespace

ProgressCallback SearchPlace::progress(const std::string& what) const {
  return [this, what](Progress progress) {
    progress.what = what + progress.what;
    if (observer.progress) observer.progress(progress);
    if (observer.stop.stop_requested()) throw SearchStopped();
  };
}

std::vector<Candidate> search_candidates(const Recipe& recipe, const Observer& observer) {
  if (trimmed(recipe.models).empty()) return candidates_at_hand();
  std::vector<Candidate> all = named_candidates(recipe, observer);
  for (const Candidate& each : all) find_weights(find_model(each.model), each.weights, observer.progress);
  return all;
}

std::optional<Recipe> search_recipe(const TrainJob& job, const std::vector<Candidate>& candidates,
                                    const torch::Device& device, const RunObserver& observer) {
  const Folder& train = job.data.train;
  const auto task = make_task(task_spec_of(train));
  const SearchPlace place{job, *task, task->target_table(train), device, observer};
  try {
    if (!can_be_measured(train)) return first_candidate(place, candidates.front());
    return Search(place, candidates).run();
  } catch (const SearchStopped&) {
    return std::nullopt;
  }
}

}  // namespace graft
