#include "graft/run/model_card.h"

#include "graft/core/files.h"
#include "graft/metrics/number_text.h"
#include "graft/run/card_text.h"
#include "graft/run/run_task.h"

namespace graft {
namespace {

std::string about(const ModelCard& card) {
  const RunConfig& config = card.config;
  return "| | |\n|---|---|\n" + card_row("architecture", value_of(config.options, "model")) +
         card_row("started from", value_of(config.resolved, "weights")) +
         card_row("preset", value_of(config.options, "preset")) + card_row("input", card.preprocess) +
         card_row("training data", config.data) +
         card_row("training pictures", std::to_string(config.train_pictures)) +
         card_row("validation pictures",
                  std::to_string(config.val_pictures) +
                      (config.val_split_off ? ", split off the training pictures" : "")) +
         card_row("of these unreadable and skipped", card.skipped > 0 ? std::to_string(card.skipped) : "") +
         card_row("trained", config.started) + card_row("device", value_of(config.resolved, "device")) +
         card_row("graft", value_of(config.versions, "graft")) +
         card_row("libtorch", value_of(config.versions, "libtorch"));
}

std::string metrics_table(const ModelCard& card, const RunTask& task) {
  std::string text;
  if (card.best) {
    for (const auto& [key, value] : card.best->val) {
      const Metric& metric = find_metric(key);
      text += card_row(task.metric_name(metric), metric_text(metric, value));
    }
    text += card_row(task.loss, card_number(card.best->val_loss)) +
            card_row("epoch of these weights", epoch_cell(*card.best));
  }
  if (card.val) text += task.more_metrics(*card.val);
  if (text.empty()) return "None yet.\n";
  return std::string("On the validation pictures, whose ") + task.chosen_by +
         " also selected the epoch; the values are therefore slightly optimistic:\n\n"
         "| | |\n|---|---|\n" +
         text;
}

std::string how_to_load_in_python(const ModelCard& card) {
  const std::string network =
      card.python_network.empty() ? "...  # the network of that name" : card.python_network;
  return "\nIn Python, after `graft export model.safetensors --format pth --out model.pth`:\n\n"
         "```python\n"
         "import torch" +
         // "torchvision.models.resnet18(…)"; other packages' classes are imported as they document.
         (network.front() >= 'a' && network.front() <= 'z' ? ", " + network.substr(0, network.find('.'))
                                                           : "") +
         "\n"
         "model = " +
         network +
         "\n"
         "model.load_state_dict(torch.load(\"model.pth\", weights_only=True))\n"
         "model.eval()\n"
         "```\n";
}

std::string how_to_load(const ModelCard& card, const RunTask& task) {
  return std::string("With graft, which reads ") + task.kept_in_file +
         " from the file:\n\n"
         "    graft predict model.safetensors picture.jpg\n"
         "    graft eval model.safetensors " +
         task.evaluated +
         "\n\n"
         "```cpp\n"
         "#include "  // in two parts: the test of the layers reads sources by line
         "<graft/infer/predictor.h>\n\n"
         "const graft::Predictor predictor(\"model.safetensors\");\n"
         "```\n" +
         (card.has_pth ? how_to_load_in_python(card) : "");
}

}  // namespace

ModelCard read_model_card(const RunFolder& run) {
  ModelCard card;
  card.config = read_config(run.config());
  if (disk().info(run.classes_file()))
    card.config.classes = read_classes(run.classes_file(), card.config.classes);
  std::vector<EpochRecord> history;
  if (disk().info(run.history())) history = read_history(run.history());
  if (const EpochRecord* best = best_epoch(history)) card.best = *best;
  const RunTask& task = run_task(card.config, history);
  card.labels = task.labels;
  card.val = read_val_results(run, card.config, task);
  return card;
}

std::string model_card_text(const ModelCard& card) {
  const RunTask& task = run_task(card.labels);
  const std::string section = task.section(card);
  return "# " + card_cell(value_of(card.config.options, "model")) + " for " + task.subject(card.config) +
         "\n\n" + task.purpose + "\n\n" + about(card) + "\n## Metrics\n\n" + metrics_table(card, task) +
         (section.empty() ? "" : "\n" + section) + "\n## Loading\n\n" + how_to_load(card, task) +
         "\n## Limits\n\n- " + task.limit +
         "\n"
         "- These metrics hold for pictures like those of the validation set. Evaluate the model on your own "
         "pictures before you rely on it.\n"
         "- The model reflects gaps and errors in its training pictures, and possibly those of its initial "
         "weights.\n"
         "- The licences of the training pictures and of those weights may restrict the use of the model.\n";
}

}  // namespace graft
