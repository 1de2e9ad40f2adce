#include <charconv>
#include <system_error>

#include "graft/core/text.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/page_template.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

// Values that earlier versions did not record are omitted.
std::string network(const RunData& run) {
  std::vector<std::string> facts;
  if (const std::string preset = value_of(run.config.options, "preset"); !preset.empty())
    facts.push_back("preset " + preset);
  const std::string input = value_of(run.config.resolved, "input");
  const std::string parameters = value_of(run.config.resolved, "parameters");
  std::uint64_t count = 0;
  const auto [end, error] = std::from_chars(parameters.data(), parameters.data() + parameters.size(), count);
  if (error == std::errc() && end == parameters.data() + parameters.size())
    facts.push_back(rounded_count_text(count) + " parameters");
  if (run.model_bytes > 0) facts.push_back(size_text(run.model_bytes));
  if (!input.empty()) facts.push_back("input " + input + " × " + input);
  return headline("Model", value_of(run.config.options, "model"), join(facts, " · "));
}

std::string time(const RunData& run) {
  const int epochs = count_epochs(run.history);
  std::string what = find_probe(run.history) == nullptr ? "" : epochs > 0 ? "the probe and " : "the probe";
  if (epochs > 0 || what.empty()) what += counted(epochs, "epoch");
  return headline("Time", duration_text(run.seconds()), what);
}

std::string notices(const RunData& run) {
  std::string text;
  if (run.history.empty()) text = "No epoch is complete yet. ";
  if (!run.val) {
    text += "There is no " + run.folder.predictions_csv().filename().string() +
            " yet: training is still in progress, was interrupted, or was done by an earlier version. " +
            task_report(run.labels).not_known_yet;
  }
  return text.empty() ? "" : notice(text);
}

}  // namespace

std::string best_words(const RunData& run, const EpochRecord& best) {
  const int epochs = count_epochs(run.history);
  return epoch_words(best) + (best.probe || epochs == 1 ? "" : " of " + std::to_string(epochs));
}

std::string loss_tile(const EpochRecord& best) {
  return headline("Validation loss", fixed_text(best.val_loss, 4), "of these weights");
}

std::string picture_tiles(const RunConfig& config, const std::string& training_note,
                          const std::string& validation_note) {
  std::string note = validation_note;
  if (config.val_split_off)
    note += std::string(note.empty() ? "" : ", ") + "split from the training pictures";
  return headline("Training pictures", std::to_string(config.train_pictures), training_note) +
         headline("Validation pictures", std::to_string(config.val_pictures), note);
}

std::string overview(const RunData& run) {
  std::string folder = run.folder.path().string();
  if (!run.config.started.empty()) folder += " · started " + run.config.started;
  return fill_block(report_blocks, "overview",
                    {{"folder", folder},
                     {"notices", Markup{notices(run)}},
                     {"metrics", Markup{task_report(run.labels).tiles(run) + network(run) + time(run)}}});
}

}  // namespace graft
