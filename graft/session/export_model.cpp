#include "graft/session/model_files.h"

#include <cmath>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/deploy/deployed_graph.h"
#include "graft/deploy/network_graph.h"
#include "graft/device/engine_error.h"
#include "graft/models/finite.h"
#include "graft/models/load.h"
#include "graft/models/model_file.h"
#include "graft/models/model_metadata.h"
#include "graft/models/timm_export.h"
#include "graft/models/transformers_export.h"
#include "graft/onnx/model_file.h"
#include "graft/run/run.h"
#include "graft/session/int8.h"
#include "graft/session/open_model.h"
#include "graft/session/output_place.h"
#include "graft/session/request.h"
#include "graft/task/task.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

const char* library_name(TensorNames library) {
  return EnumNames<TensorNames>::names.at(static_cast<std::size_t>(library));
}

bool has_network(TensorNames library, const ModelSpec& spec) {
  switch (library) {
    case TensorNames::torchvision:
      return spec.python_network.starts_with("torchvision.");
    case TensorNames::timm:
      return network_in_timm(spec) != nullptr;
    case TensorNames::transformers:
      return is_in_transformers(spec);
    default:
      return true;
  }
}

// Throws UsageError if the library whose form is asked for does not have the network.
void check_library(ExportFormat format, TensorNames names, const ModelSpec& spec) {
  const bool is_timm_folder = format == ExportFormat::timm;
  const TensorNames library = is_timm_folder ? TensorNames::timm : names;
  if (has_network(library, spec)) return;
  std::vector<std::string> others;
  for (const TensorNames other :
       {TensorNames::own, TensorNames::torchvision, TensorNames::timm, TensorNames::transformers}) {
    if (has_network(other, spec)) others.push_back(library_name(other));
  }
  throw UsageError(is_timm_folder ? "`format`" : "`names`",
                   std::string(library_name(library)) + " has no network that computes as " + spec.name,
                   is_timm_folder ? "export pth or safetensors" : "use " + join(others, " or "));
}

StateDict state_with(TensorNames names, const Model& model, const ModelSpec& spec) {
  if (names == TensorNames::timm) return timm_state(*model.network, spec);
  if (names == TensorNames::transformers) return transformers_state(*model.network, spec);
  return state_of(*model.network);
}

// Other programs know no target scale: the head's outputs are the numbers themselves, in float32. At 2^18
// standard deviations from 0 their spacing is 1/32 of a standard deviation, and rounding changes them by 1 %
// of one.
void check_spacing(const TaskSpec& task, const std::string& where) {
  constexpr double max_ratio = 1 << 18;
  if (std::abs(task.mean) <= max_ratio * task.scale) return;
  throw Error(where,
              "float32 outputs without the mean and scale of the numbers cannot distinguish numbers near " +
                  csv_number(task.mean) + " that differ by " + csv_number(task.scale),
              "export safetensors without `names`, which keeps both, or train on the numbers minus " +
                  csv_number(std::round(task.mean)));
}

// With outputs that are the numbers themselves, and checked values.
void prepare_for_python(Model& model) {
  make_task(model.task)->absorb_scale(model.network->head()->weight, model.network->head()->bias);
  check_tensors(*model.network);
}

std::map<std::string, std::string> metadata_of(const Model& model) {
  return exported_metadata({model.architecture, model.classes, model.preprocess, {}, model.task});
}

void write_timm_files(const Model& model, const ModelSpec& spec, const OutputFiles& outputs) {
  const std::string config = timm_config(model);
  const StateDict state = timm_state(*model.network, spec);
  outputs.check();
  const auto write_weights = [&](OutputFile& file) {
    write_safetensors(file, outputs.file("out/model.safetensors"), state.tensors, metadata_of(model));
  };
  outputs.write_together({{"out/config.json", [&](OutputFile& file) { file.write(config); }},
                          {"out/README.md", [&](OutputFile& file) { file.write(timm_readme(model)); }},
                          {"out/model.safetensors", write_weights}});
}

// As metadata_of(), with the licence of the weights that training started from.
std::map<std::string, std::string> onnx_metadata(const Model& model, const ModelSpec& spec) {
  auto metadata = metadata_of(model);
  metadata.erase("format");  // of safetensors
  const auto weights = model.training.find("weights");
  const PretrainedWeights* row =
      weights == model.training.end() ? nullptr : find_pretrained(spec, weights->second);
  if (row != nullptr && !row->licence.empty()) metadata["license"] = row->licence;
  return metadata;
}

// "… Input: images, N×3×224×224: …", for people.
std::string onnx_words(const OnnxGraph& graph, const Model& model) {
  const auto shape = [](const OnnxPort& port) {
    std::vector<std::string> sizes;
    for (const std::int64_t size : port.shape) sizes.push_back(size < 0 ? "N" : std::to_string(size));
    return port.name + ", " + join(sizes, "×");
  };
  const OnnxPort& input = graph.inputs.front();
  const std::string values = input.dtype == DType::uint8 ? "RGB, 8 bits" : "RGB, (pixel / 255 − mean) / std";
  return model.architecture + " with " + counted(model.classes.size(), "output") +
         ". Input: " + shape(input) + ": " + values + ". Output: " + shape(graph.outputs.front()) +
         ". The metadata has the names of the outputs (classes) and the resizing (preprocess), as JSON.";
}

// The graph as the request asks for it, in a checked ONNX file.
std::string onnx_bytes(const Model& model, const ModelSpec& spec, const ExportRequest& request,
                       const std::optional<RunFolder>& run, const Observer& observer,
                       std::string& int8_words) {
  const int size = model.preprocess.crop;
  OnnxGraph graph = graph_of(*model.network, size);
  check_graph(graph, *model.network, size);
  auto metadata = onnx_metadata(model, spec);
  if (!request.int8.is_missing()) {
    int8_words = quantize_model(graph, model, {run, request.int8}, request.int8_options, observer);
    metadata["int8"] = int8_words;
  }
  if (request.half) convert_to_half(graph, size);
  if (model.task.kind == LabelKind::number) add_scale(graph, model.task.mean, model.task.scale);
  if (request.with_preprocess) add_preprocess(graph, model.preprocess, model.task.kind);
  return onnx_file(graph, {model.architecture, onnx_words(graph, model), metadata});
}

void check_request(const ExportRequest& request) {
  const bool has_names = request.format == ExportFormat::pth || request.format == ExportFormat::safetensors;
  if (!has_names && request.names != TensorNames::own)
    throw UsageError("`names`", "acts only with `format` pth and safetensors", "leave it out");
  if (request.format == ExportFormat::onnx) {
    if (request.half && !request.int8.is_missing())
      throw UsageError("`half`", "does not go with `int8`", "leave one of them out");
    if (!can_write_onnx()) onnx_file({}, {});  // throws
    return;
  }
  for (const auto& [name, given] : {std::pair("`with_preprocess`", request.with_preprocess),
                                    {"`half`", request.half},
                                    {"`int8`", !request.int8.is_missing()}}) {
    if (given) throw UsageError(name, "acts only with `format` onnx", "leave it out");
  }
}

}  // namespace

void add_export(OutputFiles& outputs, const std::string& path, ExportFormat format) {
  if (format == ExportFormat::pth) outputs.add("out", path, OutputType::pth);
  if (format == ExportFormat::onnx) outputs.add("out", path, OutputType::onnx);
  if (format == ExportFormat::safetensors) outputs.add("out", path, OutputType::safetensors);
  if (format != ExportFormat::timm) return;
  for (const char* name : {"config.json", "README.md"})
    outputs.add_in_folder("out", path, name, OutputType::text);
  outputs.add_in_folder("out", path, "model.safetensors", OutputType::safetensors);
}

std::string export_model(const std::string& model_path, const ExportRequest& request, OutputFiles& outputs,
                         const Observer& observer) {
  check_request(request);
  std::string words;
  const ExportFormat format = request.format;
  const bool is_model_file = format == ExportFormat::safetensors && request.names == TensorNames::own;
  outputs.reads({model_file(model_path).string()});
  outputs.keeps_out_of(data_of_run(model_path));
  if (!request.int8.is_missing()) outputs.keeps_out_of(request.int8.path);
  with_engine_errors(model_path, [&] {
    Model model = open_model(model_path);
    const ModelSpec& spec = find_model(model.architecture);
    check_library(format, request.names, spec);
    if (!is_model_file) check_spacing(model.task, model_path);
    if (!is_model_file && format != ExportFormat::onnx) prepare_for_python(model);
    if (format == ExportFormat::timm) return write_timm_files(model, spec, outputs);
    outputs.check();  // after the checks of the model: it creates folders
    const std::string path = outputs.file("out"), where = path.empty() ? "the exported model" : path;
    if (is_model_file) return outputs.write("out", [&](OutputFile& file) { save_model(file, where, model); });
    if (format == ExportFormat::onnx)
      return outputs.write("out",
                           onnx_bytes(model, spec, request, run_of_model(model_path), observer, words));
    const StateDict state = state_with(request.names, model, spec);
    outputs.write("out", [&](OutputFile& file) {
      if (format == ExportFormat::safetensors)
        return write_safetensors(file, where, state.tensors, metadata_of(model));
      write_pth(file, where, state.tensors, spec.python_version);
    });
  });
  return words;
}

}  // namespace graft
