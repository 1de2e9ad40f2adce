#include "graft/run/model_card.h"

#include <cstdio>

#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/run/run_tables.h"

namespace graft {
namespace {

std::string fixed(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

// What would end a cell of a table or begin a tag is shown as it is.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '[') out += '\\';
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
  }
  return out;
}

std::string count_at(const std::vector<std::int64_t>& counts, std::size_t i) {
  return i < counts.size() ? std::to_string(counts[i]) : "";
}

std::string row(const std::string& name, const std::string& value) {
  return value.empty() ? "" : "| " + name + " | " + cell(value) + " |\n";
}

std::string about(const ModelCard& card) {
  const RunConfig& config = card.config;
  return "| | |\n|---|---|\n" + row("architecture", value_of(config.options, "model")) +
         row("started from", value_of(config.resolved, "weights")) +
         row("preset", value_of(config.options, "preset")) + row("input", card.preprocess) +
         row("training data", config.data) + row("training pictures", std::to_string(config.train_pictures)) +
         row("validation pictures", std::to_string(config.val_pictures) +
                                        (config.val_split_off ? ", split off the training pictures" : "")) +
         row("of these left out, unreadable", card.skipped > 0 ? std::to_string(card.skipped) : "") +
         row("trained", config.started) + row("device", value_of(config.resolved, "device")) +
         row("graft", value_of(config.versions, "graft")) +
         row("libtorch", value_of(config.versions, "libtorch"));
}

std::string figures_of(const ModelCard& card) {
  std::string text;
  if (card.best) {
    text +=
        row("mean average precision", card.best->val_map ? fixed(*card.best->val_map) : "") +
        row(card.best->val_map ? "pictures with every class right" : "accuracy", fixed(card.best->val_acc)) +
        row("top-5 accuracy", card.best->val_top5 ? fixed(*card.best->val_top5) : "") +
        row(card.best->val_map ? "loss (binary cross entropy)" : "loss (cross entropy)",
            fixed(card.best->val_loss)) +
        row("epoch of these weights", epoch_cell(*card.best));
  }
  if (card.figures)
    text += row("expected calibration error, 15 bins", fixed(card.figures->calibration_error));
  if (text.empty()) return "None yet.\n";
  return "On the validation pictures, whose accuracy also chose the epoch, so that it is a little too "
         "good:\n\n"
         "| | |\n|---|---|\n" +
         text;
}

std::string labels_of(const ModelCard& card) {
  std::string text =
      "| | class | training | validation | average precision | precision | recall | F1 |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (std::size_t i = 0; i < card.label_figures.size(); ++i) {
    const auto& [name, f] = card.label_figures[i];
    text += "| " + std::to_string(i) + " | " + cell(name) + " | " + count_at(card.config.train_counts, i) +
            " | " + count_at(card.config.val_counts, i) + " | " + fixed(f.average_precision) + " | " +
            fixed(f.precision) + " | " + fixed(f.recall) + " | " + fixed(f.f1) + " |\n";
  }
  return text;
}

std::string classes_of(const ModelCard& card) {
  if (!card.label_figures.empty()) return labels_of(card);
  const RunConfig& config = card.config;
  const bool judged = card.figures.has_value();
  std::string text = judged ? "| | class | training | validation | precision | recall | F1 |\n"
                              "|---|---|---|---|---|---|---|\n"
                            : "| | class | training | validation |\n|---|---|---|---|\n";
  const std::vector<std::string>& names = judged ? card.figures->classes : config.classes;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += "| " + std::to_string(i) + " | " + cell(names[i]) + " | " + count_at(config.train_counts, i) +
            " | " + count_at(config.val_counts, i) + " |";
    if (judged) {
      const ClassFigures& f = card.figures->per_class[i];
      text += " " + fixed(f.precision) + " | " + fixed(f.recall) + " | " + fixed(f.f1) + " |";
    }
    text += "\n";
  }
  return text;
}

std::string how_to_load(const ModelCard& card) {
  const std::string network =
      card.python_network.empty() ? "...  # the network of that name" : card.python_network;
  return "With graft, which reads classes and preprocessing from the file:\n\n"
         "    graft predict model.safetensors picture.jpg\n"
         "    graft eval model.safetensors folder/\n\n"
         "```cpp\n"
         "#include "  // in two parts: the test of the layers reads sources by line
         "<graft/infer/predictor.h>\n\n"
         "const graft::Predictor predictor(\"model.safetensors\");\n"
         "```\n\n"
         "In Python, after `graft export model.safetensors --format pth --out model.pth`:\n\n"
         "```python\n"
         "model = " +
         network +
         "\n"
         "model.load_state_dict(torch.load(\"model.pth\", weights_only=True))\n"
         "model.eval()\n"
         "```\n";
}

}  // namespace

ModelCard read_model_card(const RunFolder& run) {
  ModelCard card;
  card.config = read_config(run.config());
  if (disk().info(run.classes_file())) card.config.classes = read_classes(run.classes_file());
  if (disk().info(run.history())) {
    const auto history = read_history(run.history());
    if (const EpochRecord* best = best_epoch(history)) card.best = *best;
  }
  if (disk().info(run.label_figures())) {
    card.label_figures = read_label_figures(run.label_figures());
  } else if (disk().info(run.predictions_csv())) {
    card.figures = val_figures(read_predictions(run.predictions_csv()), card.config.classes);
  }
  return card;
}

std::string model_card_text(const ModelCard& card) {
  return "# " + cell(value_of(card.config.options, "model")) + " for " +
         counted(card.config.classes.size(), "class") +
         " of pictures\n\n"
         "An image classifier made by transfer learning.\n\n" +
         about(card) + "\n## Figures\n\n" + figures_of(card) + "\n## Classes\n\n" + classes_of(card) +
         "\n## Loading it\n\n" + how_to_load(card) + "\n## Limits\n\n" +
         (card.label_figures.empty()
              ? "- It knows these classes alone: a picture of anything else gets the nearest of them, often "
                "with a high probability.\n"
              : "- It answers yes or no to each of these classes; what else a picture shows it cannot "
                "say.\n") +
         "- The figures hold for pictures like those it was measured on. Measure it on your own before you "
         "rely "
         "on it.\n"
         "- What the training pictures lack or get wrong, it lacks and gets wrong too; so may the weights "
         "that "
         "it started from.\n"
         "- The licences of the training pictures and of those weights may bind the use of the model.\n";
}

}  // namespace graft
