// A trained model's weights in another file format, and weights and data sets that are downloaded by name. No
// torch in this header.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "graft/core/files.h"
#include "graft/core/option.h"
#include "graft/core/progress.h"
#include "graft/session/output_files.h"

namespace graft {

// safetensors: graft's model file, with everything that prediction needs in its metadata. pth: a state dict
// for torch.load(weights_only=True). timm: a folder for timm.create_model("local-dir:FOLDER",
// pretrained=True). onnx: a graph with weights, for ONNX Runtime and others.
enum class ExportFormat { safetensors, pth, timm, onnx };
template <>
struct EnumNames<ExportFormat> {
  static constexpr std::array<const char*, 4> names = {"safetensors", "pth", "timm", "onnx"};
};

// The library whose names the tensors get. own: graft's, which are those of the library that defines the
// network.
enum class TensorNames { own, torchvision, timm, transformers };
template <>
struct EnumNames<TensorNames> {
  static constexpr std::array<const char*, 4> names = {"own", "torchvision", "timm", "transformers"};
};

struct ExportRequest {
  ExportFormat format = ExportFormat::safetensors;
  TensorNames names = TensorNames::own;  // for safetensors and pth
  // For onnx. with_preprocess: the input is 8-bit pixels, N×height×width×3, the output probabilities or
  // numbers; without it normalised values, N×3×height×width, and logits or numbers. half: weights and
  // computations in float16.
  bool with_preprocess = false, half = false;
};

// Adds the output `out` for export_model(): a file, or for timm the files of a folder.
void add_export(OutputFiles& outputs, const std::string& path, ExportFormat format);
// Writes the model of a run folder or model file to the output `out`, which is checked first. Throws Error,
// also for weights that are not finite, and UsageError for a model that the format cannot hold, a library of
// `names` that does not have it, and options of another format. A safetensors file with other names than its
// own is a plain one, whose metadata has the network, the classes and the preprocess, as that of an ONNX
// file; the folder for timm has timm's names.
void export_model(const std::string& model, const ExportRequest& request, OutputFiles& outputs);

// The names of datasets and models. `with_address`: only those that can be downloaded.
std::vector<std::string> fetchable_names(bool with_address = false);

// Throws UsageError with the nearest name for an unknown name.
void check_fetchable(const std::string& name);

struct Fetched {
  std::filesystem::path path;
  bool was_there = false;
};

// The default weights of a model, in the hub cache, or a dataset's folder below `to`, which exists only when
// complete. Throws UsageError for an unknown name, and Error.
Fetched fetch_by_name(const std::string& name, const std::filesystem::path& to,
                      const ProgressCallback& progress = {});

}  // namespace graft
