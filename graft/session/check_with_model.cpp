#include "graft/session/check_with_model.h"

#include <map>
#include <optional>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/data/dataset.h"
#include "graft/data/transform.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/image/codec.h"
#include "graft/report/grid.h"
#include "graft/run/config.h"
#include "graft/session/evaluation_data.h"
#include "graft/session/held_out.h"
#include "graft/session/open_model.h"
#include "graft/session/output_place.h"
#include "graft/session/path_kind.h"
#include "graft/session/similar_findings.h"
#include "graft/train/probe.h"
#include "graft/trust/suspects.h"

namespace graft {
namespace {

// The pictures of a check, in its order.
struct CheckedPictures {
  Folder folder;
  std::size_t train = 0;  // those of training come first
  bool split = false;     // the validation part was split off
};

// Empty, with a warning, for data that training refuses; the check has a finding for the reason.
std::optional<CheckedPictures> open_checked(const ModelCheckRequest& request, const Observer& observer) {
  try {
    TrainingData data = open_data_set(request.data, request.options.data);
    CheckedPictures pictures{std::move(data.train), 0, data.split};
    pictures.train = pictures.folder.samples.size();
    for (Sample& sample : data.val.samples) pictures.folder.samples.push_back(std::move(sample));
    for (auto& source : data.val.sources) pictures.folder.sources.push_back(std::move(source));
    return pictures;
  } catch (const UsageError&) {
    throw;
  } catch (const Error& error) {
    observer.warn("the model is not used, because these data cannot be trained on: " +
                  std::string(error.what()));
  }
  return std::nullopt;
}

// Whether every layer of a run's network was trained on the pictures of the check: its features know their
// labels.
bool knows_the_labels(const ModelCheckRequest& request) {
  const auto run = run_of_model(request.model.name);
  if (!run || request.data.own) return false;
  const RunConfig config = read_config(run->config());
  const bool is_frozen =
      value_of(config.options, "freeze") == "true" || value_of(config.options, "epochs") == "0";
  return !is_frozen && !config.absolute.empty() &&
         resolved_path(config.absolute) == resolved_path(request.data.path);
}

// Features of pictures, in their order, without those that cannot be read.
FeatureSet features_to_check(const Model& model, const Folder& folder, const Recipe& recipe,
                             const torch::Device& device, const Observer& observer) {
  FeatureCache cache = open_feature_cache(model, recipe, observer.warning);
  FeatureSet features =
      extract_views(model, folder.samples, 0, recipe, device, cache, "features", observer.progress).centre;
  save_feature_cache(cache, recipe, observer.warning);
  return features;
}

// What the model found about the labels.
struct JudgedLabels {
  std::vector<std::string> labels;  // of each picture, as given
  std::vector<Suspect> suspects;    // Suspect::row: the index of the picture
};

JudgedLabels judge_labels(const CheckedPictures& pictures, const HeldOutOutputs& held_out) {
  const std::vector<std::string> names = pictures.folder.label_names();
  JudgedLabels judged;
  for (const Sample& sample : pictures.folder.samples)
    judged.labels.push_back(names[static_cast<std::size_t>(sample.label)]);
  HeldOutRows rows{pictures.folder.kind(), pictures.folder.classes, {}, held_out.outputs};
  for (const std::uint32_t picture : held_out.pictures) rows.labels.push_back(judged.labels[picture]);
  judged.suspects = find_suspects(rows);
  for (Suspect& suspect : judged.suspects) suspect.row = held_out.pictures[suspect.row];
  return judged;
}

Finding wrong_labels(const JudgedLabels& judged) {
  Finding finding{
      "wrong_labels",
      Severity::note,
      "labels that are probably wrong",
      "inspect them (`grid` draws them), and correct them; `csv` writes a table of labels with the "
      "proposed ones, for training",
      {}};
  for (const Suspect& suspect : judged.suspects)
    finding.items.push_back(
        {{static_cast<std::uint32_t>(suspect.row)}, suspect_words(suspect, judged.labels[suspect.row])});
  return finding;
}

std::string proposed_table(const CheckedPictures& pictures, const JudgedLabels& judged) {
  const bool has_split = !pictures.split && pictures.train < pictures.folder.samples.size();
  std::map<std::size_t, const Suspect*> suspects;
  for (const Suspect& suspect : judged.suspects) suspects[suspect.row] = &suspect;
  std::string text = has_split ? proposed_split_header : proposed_header;
  for (std::size_t i = 0; i < pictures.folder.samples.size(); ++i) {
    const auto found = suspects.find(i);
    const bool is_suspect = found != suspects.end();
    std::vector<std::string> fields = {absolute_path(pictures.folder.samples[i].path).string(),
                                       is_suspect ? found->second->proposed : judged.labels[i]};
    if (has_split) fields.emplace_back(i < pictures.train ? "train" : "val");
    fields.push_back(judged.labels[i]);
    fields.push_back(is_suspect ? csv_number(found->second->self_confidence) : "");
    text += csv_line(fields);
  }
  return text;
}

Tile suspect_tile(const Sample& sample, const Suspect& suspect, const std::string& label,
                  const DecodeOptions& decode) {
  return {decode_image(read_picture(sample), sample.path, decode),
          "label: " + (label.empty() ? "none" : label) +
              format_text(" %.1f%%, proposed: ", suspect.self_confidence * 100) +
              (suspect.proposed.empty() ? "none" : suspect.proposed),
          TitleColor::plain, std::filesystem::path(sample.path).filename().string()};
}

void draw_suspects(const ModelCheckRequest& request, const Preprocess& preprocess,
                   const CheckedPictures& pictures, const JudgedLabels& judged, const OutputFiles& outputs,
                   const Observer& observer) {
  if (judged.suspects.empty())
    return observer.warn("`grid`: no label is probably wrong, so no sheet is drawn");
  const DecodeOptions decode = decode_options_of(preprocess, request.recipe.decode.max_pixels);
  std::vector<Tile> tiles;
  for (const Suspect& suspect : judged.suspects) {
    if (tiles.size() == request.max_drawn) {
      observer.warn("the sheet shows the first " + std::to_string(tiles.size()) + " of " +
                    counted(judged.suspects.size(), "picture"));
      break;
    }
    tiles.push_back(
        suspect_tile(pictures.folder.samples[suspect.row], suspect, judged.labels[suspect.row], decode));
  }
  outputs.write("grid", draw_grid(tiles).view());
}

void refuse_outputs_of_numbers(const OutputFiles& outputs) {
  for (const char* option : {"csv", "grid"}) {
    if (outputs.has(option))
      throw UsageError(quoted_option(option), "needs classes, and the labels are numbers", "leave it out");
  }
}

// The out-of-fold outputs of a run, or those of heads on `features`.
HeldOutOutputs judging_outputs(const ModelCheckRequest& request, const Model& model,
                               const CheckedPictures& pictures, const FeatureSet& features,
                               const Observer& observer) {
  if (auto recorded = out_of_fold_outputs(request.model.name, pictures.folder)) {
    const std::size_t missing = pictures.folder.samples.size() - recorded->pictures.size();
    if (missing > 0)
      observer.warn(counted(missing, "picture") + " not judged: " + request.model.name +
                    " was not cross-validated on " + (missing == 1 ? "it" : "them"));
    return std::move(*recorded);
  }
  if (knows_the_labels(request))
    observer.warn(request.model.name +
                  ": its network was trained on these labels, and contradicts fewer of the wrong ones; a "
                  "network by name, or a run with `folds`, finds more");
  return probe_outputs(model, pictures.folder, features, request.recipe.seed);
}

void judge(const ModelCheckRequest& request, const Model& model, const CheckedPictures& pictures,
           const FeatureSet& features, CheckReport& report, const OutputFiles& outputs,
           const Observer& observer) {
  const HeldOutOutputs held_out = judging_outputs(request, model, pictures, features, observer);
  const JudgedLabels judged = judge_labels(pictures, held_out);
  report.label_judge = held_out.by;
  add_findings(report, {wrong_labels(judged)});
  if (outputs.has("csv")) outputs.write("csv", proposed_table(pictures, judged));
  if (outputs.has("grid")) draw_suspects(request, model.preprocess, pictures, judged, outputs, observer);
}

CheckReport check(ModelCheckRequest request, OutputFiles& outputs, const Observer& observer) {
  if (request.model.name.empty())
    throw UsageError("`model`", "is missing", "name a run folder, a model file or a network");
  if (outputs.has("csv") && request.data.own)
    throw UsageError("`csv`", "names files, and these pictures are a program's own", "leave it out");
  if (!(request.similar_cosine > 0 && request.similar_cosine <= 1))
    throw UsageError("`similar_cosine`", "is not above 0 and at most 1", "choose 0.85, for example");
  require_data(request.data);
  use_threads(request.recipe.threads, observer);
  const torch::Device device = select_device(request.recipe.device);
  request.recipe.loader.skip_bad = true;  // the check reports them
  const Model model = open_model(request.model, request.preprocess, observer);
  check_can_be_probed(*model.network);
  tell_files(request.data, request.options.data.labels,
             {model_file(request.model.name).string(), request.model.weights.value_or("default")}, observer);
  CheckReport report = check_data_set(request.data, request.options, observer.progress);
  const auto pictures = open_checked(request, observer);
  if (!pictures) return report;
  const bool is_number = pictures->folder.kind() == LabelKind::number;
  if (is_number) refuse_outputs_of_numbers(outputs);
  const FeatureSet features = features_to_check(model, pictures->folder, request.recipe, device, observer);
  if (request.options.near)
    add_findings(report, similar_findings(report, features, request.similar_cosine, observer.progress));
  if (is_number) {
    observer.warn("the labels are numbers, which confident learning does not judge");
  } else {
    judge(request, model, *pictures, features, report, outputs, observer);
  }
  return report;
}

}  // namespace

CheckReport check_with_model(const ModelCheckRequest& request, OutputFiles& outputs,
                             const Observer& observer) {
  if (!request.data.own) outputs.keeps_out_of(request.data.path);
  outputs.keeps_out_of(data_of_run(request.model.name));
  return with_engine_errors(request.model.name,
                            [&] { return check(request, outputs, outputs.observer(observer)); });
}

}  // namespace graft
