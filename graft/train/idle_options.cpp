#include "graft/train/idle_options.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/task/task.h"

namespace graft {
namespace {

struct Rule {
  std::string_view option;
  bool (*acts)(const Recipe&);
  const char* reason;
  bool is_mistake = true;
};

bool trains(const Recipe& r) { return r.epochs > 0; }
bool trains_or_freezes(const Recipe& r) { return r.epochs > 0 || r.freeze; }
bool trains_every_layer(const Recipe& r) { return r.epochs > 0 && !r.freeze; }
bool is_sgd(const Recipe& r) { return r.optimizer.optimizer == Method::sgd; }
bool decays(const Recipe& r) { return r.optimizer.weight_decay > 0; }
bool is_adamw(const Recipe& r) { return r.optimizer.optimizer == Method::adamw; }
bool is_rand(const Recipe& r) { return r.augmentation.auto_augment == AutoAugment::rand; }
bool is_step(const Recipe& r) { return r.schedule.schedule == Schedule::step; }
bool is_frozen(const Recipe& r) { return r.freeze; }
bool is_probed(const Recipe& r) { return r.head_start == HeadStart::probe; }
bool has_pairs(const Recipe& r) { return r.loader.batch_size > 1; }
bool has_workers(const Recipe& r) { return r.loader.workers > 0; }
bool takes_each(const Recipe& r) { return r.sampling == Sampling::each; }
bool can_lose_patience(const Recipe& r) { return r.patience < std::max(1, r.epochs); }
bool drops_lr(const Recipe& r) { return r.schedule.step_size < r.epochs; }
bool reads_again(const Recipe& r) { return r.epochs > 1 || r.cache == "off" || r.cache == "auto"; }
bool trains_every_layer_in_bf16(const Recipe& r) {
  return trains_every_layer(r) || r.precision != Precision::bf16;
}
bool has_folds(const Recipe& r) { return r.data.folds > 0; }
bool has_no_folds(const Recipe& r) { return r.data.folds == 0; }
bool may_keep(const Recipe& r) { return r.data.folds == 0 || r.keep == Keep::last; }
bool keeps_best(const Recipe& r) { return !keeps_last(r); }
bool averages_no_steps(const Recipe& r) { return r.ema == 0; }
bool has_teacher(const Recipe& r) { return !r.distill.teacher.empty(); }
bool crops_at_random(const Recipe& r) { return (trains(r) && r.augment) || (is_probed(r) && r.views > 1); }

// The options that a search leaves to the user; it chooses the others.
constexpr std::array open_in_search = {
    "models",     "preset", "time_limit", "views",      "feature_cache", "input_size",   "fit",
    "exif",       "alpha",  "decode",     "max_pixels", "skip_bad",      "val_fraction", "test_fraction",
    "split_seed", "labels", "batch_size", "workers",    "prefetch",      "cache",        "min_scale",
    "seed",       "device", "precision",  "threads",    "calibration",   "false_alarm"};
bool is_open_in_search(const std::string& name) {
  return std::find(open_in_search.begin(), open_in_search.end(), std::string_view(name)) !=
         open_in_search.end();
}

constexpr const char* no_epochs = "acts only in training epochs, and `epochs` is 0";
constexpr const char* frozen = "acts only if every layer is trained";

// All rules of an option must hold.
constexpr Rule rules[] = {
    {"momentum", is_sgd, "acts only with `optimizer` sgd"},
    {"nesterov", is_sgd, "acts only with `optimizer` sgd"},
    {"beta1", is_adamw, "acts only with `optimizer` adamw"},
    {"beta2", is_adamw, "acts only with `optimizer` adamw"},
    {"rand_ops", is_rand, "acts only with `auto_augment` rand"},
    {"rand_magnitude", is_rand, "acts only with `auto_augment` rand"},
    {"step_size", is_step, "acts only with `schedule` step"},
    {"gamma", is_step, "acts only with `schedule` step"},
    {"frozen_bn", is_frozen, "acts only with `freeze`"},
    {"views", is_probed, "acts only with `head_start` probe"},
    {"feature_cache", is_probed, "acts only with `head_start` probe"},
    {"mixup", has_pairs, "needs batches of two pictures or more"},
    {"cutmix", has_pairs, "needs batches of two pictures or more"},
    {"min_scale", crops_at_random, "acts only on random crops"},
    {"hold_bn", trains_every_layer, frozen},
    {"unfreeze_epochs", trains_every_layer, frozen},
    {"backbone_lr", trains_every_layer, frozen},
    {"layer_decay", trains_every_layer, frozen},
    {"layout", trains_every_layer, frozen},
    {"precision", trains_every_layer_in_bf16, "bf16 acts only if every layer is trained"},
    {"prefetch", has_workers, "acts only with `workers`", false},
    {"freeze", trains_or_freezes, no_epochs},
    {"frozen_bn", trains, no_epochs},
    {"lr", trains, no_epochs},
    {"momentum", trains, no_epochs},
    {"weight_decay", trains, no_epochs},
    {"no_weight_decay", trains, no_epochs},
    {"no_weight_decay", decays, "acts only with `weight_decay`"},
    {"optimizer", trains, no_epochs},
    {"nesterov", trains, no_epochs},
    {"clip_grad", trains, no_epochs},
    {"accumulate", trains, no_epochs},
    {"schedule", trains, no_epochs},
    {"warmup_epochs", trains, no_epochs},
    {"patience", trains, no_epochs, false},
    {"time_limit", trains, no_epochs, false},
    {"label_smoothing", trains, no_epochs},
    {"class_weights", trains, no_epochs},
    {"regression_loss", trains, no_epochs},
    {"sampling", trains, no_epochs},
    {"ema", trains, no_epochs},
    {"mixup", trains, no_epochs},
    {"cutmix", trains, no_epochs},
    {"auto_augment", trains, no_epochs},
    {"random_erase", trains, no_epochs},
    {"jitter_brightness", trains, no_epochs},
    {"jitter_contrast", trains, no_epochs},
    {"jitter_saturation", trains, no_epochs},
    {"jitter_hue", trains, no_epochs},
    {"augment", trains, no_epochs, false},
    {"shuffle", trains, no_epochs, false},
    {"on_nan", trains, no_epochs, false},
    {"shuffle", takes_each, "acts only with `sampling` each"},
    {"patience", can_lose_patience, "acts only if `epochs` is larger", false},
    {"step_size", drops_lr, "acts only if `epochs` is larger", false},
    {"gamma", drops_lr, "acts only if `epochs` is above `step_size`", false},
    {"models", searches, "acts only with `preset` auto"},
    {"average_epochs", trains, no_epochs},
    {"interpolate", trains, no_epochs},
    {"average_epochs", averages_no_steps, "acts only without `ema`"},
    {"interpolate", averages_no_steps, "acts only without `ema`"},
    {"repeats", has_folds, "acts only with `folds`"},
    {"fold", has_folds, "acts only with `folds`"},
    {"val_fraction", has_no_folds, "acts only without `folds`"},
    {"keep", may_keep,
     "best is not possible with `folds`: an epoch chosen by the held-out pictures makes their metrics "
     "optimistic"},
    {"patience", has_no_folds,
     "acts only without `folds`: every model of a cross-validation trains all epochs and keeps the last one"},
    {"patience", keeps_best, "acts only with `keep` best"},
    {"teacher", trains, no_epochs},
    {"distill_weight", has_teacher, "acts only with `teacher`"},
    {"distill_temperature", has_teacher, "acts only with `teacher`"},
    {"unlabelled", has_teacher, "acts only with `teacher`"},
    {"cache", reads_again, "acts only in training runs of two epochs or more", false},
};

// Why an option of the loss has no effect on the labels of the data.
std::string idle_reason(const std::string& name, const TrainingData* data) {
  LossOptions options;
  const auto names = options_in(options, loss_options);
  const bool of_loss =
      std::any_of(names.begin(), names.end(), [&](const OptionRef& option) { return option.name == name; });
  return of_loss && data != nullptr ? make_task(task_spec_of(data->train))->idle_reason(name) : "";
}

bool is_idle_split(const Recipe& recipe, const TrainingData& data, const std::string& name) {
  if (name == "val_fraction") return !data.split;
  if (name == "test_fraction") return recipe.data.test_fraction > 0 && !data.test_split;
  return name == "split_seed" && !data.split && !data.test_split && !data.folded;
}

}  // namespace

std::vector<IdleOption> idle_options(const Recipe& recipe, const std::vector<std::string>& asked,
                                     const TrainingData* data) {
  std::vector<IdleOption> idle;
  for (const std::string& name : asked) {
    if (searches(recipe)) {
      if (!is_open_in_search(name)) {
        idle.push_back({name, "is chosen by `preset` auto"});
        continue;
      }
      if (name != "prefetch" && name != "models" && !(data != nullptr && is_idle_split(recipe, *data, name)))
        continue;
    }
    const auto* rule = std::find_if(std::begin(rules), std::end(rules), [&](const Rule& each) {
      return each.option == name && !each.acts(recipe);
    });
    if (rule != std::end(rules)) {
      idle.push_back({name, rule->reason, rule->is_mistake});
    } else if (data != nullptr && is_idle_split(recipe, *data, name)) {
      idle.push_back({name, "acts only if pictures are split off, and this dataset has its own parts"});
    } else if (const std::string reason = idle_reason(name, data); !reason.empty()) {
      idle.push_back({name, reason});
    }
  }
  return idle;
}

void refuse_idle_options(const Recipe& recipe, const std::vector<std::string>& asked,
                         const TrainingData* data) {
  // Labels of another kind mean another training run, so this is checked even if the option comes from the
  // configuration of a run.
  const LabelKind labels = recipe.data.labels;
  if (data != nullptr && labels != LabelKind::automatic && labels != data->train.kind())
    throw UsageError("`labels`", std::string(to_string(labels)) + " acts only on a table of labels",
                     "use `labels` auto, or name a table");
  for (const IdleOption& idle : idle_options(recipe, asked, data)) {
    if (idle.is_mistake) throw UsageError(quoted_option(idle.name), idle.reason, "leave it out");
  }
}

std::vector<std::string> doubtful_options(const Recipe& recipe, const std::vector<std::string>& asked,
                                          const TrainingData* data) {
  std::vector<std::string> sentences;
  for (const IdleOption& idle : idle_options(recipe, asked)) {
    if (!idle.is_mistake) sentences.push_back(quoted_option(idle.name) + " " + idle.reason);
  }
  if (recipe.epochs > 0 && recipe.schedule.warmup_epochs >= recipe.epochs)
    sentences.emplace_back("`warmup_epochs` is not below `epochs`: the learning rate never reaches `lr`");
  if (recipe.epochs > 0 && !recipe.freeze && recipe.unfreeze_epochs > recipe.epochs)
    sentences.emplace_back("`unfreeze_epochs` is above `epochs`: some layers are never trained");
  if (data != nullptr && recipe.epochs > 0) {
    const auto pictures = data->train.samples.size();
    const auto batch = static_cast<std::size_t>(recipe.loader.batch_size);
    const std::size_t batches = (pictures + batch - 1) / batch;
    if (recipe.optimizer.accumulate > 1 && static_cast<std::size_t>(recipe.optimizer.accumulate) > batches)
      sentences.push_back("`accumulate` is above the " + counted(batches, "batch") +
                          " of an epoch: the optimiser makes one step in each epoch");
  }
  return sentences;
}

}  // namespace graft
