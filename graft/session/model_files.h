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
#include "graft/data/folder.h"
#include "graft/session/output_files.h"
#include "graft/session/request.h"

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

// Of the quantisation of an ONNX model to 8 bits.
struct Int8Options {
  int calibration_images = 256;
  double percentile = 99.99;
  double max_drop = 1;
  bool float_ends = false;
};
inline constexpr auto int8_options = options_of<Int8Options>(
    option<&Int8Options::calibration_images>(1, 100'000,
                                             "pictures from which the ranges of activations are taken"),
    option<&Int8Options::percentile>(90, 100, "percentage of an activation's values inside its range"),
    option<&Int8Options::max_drop>(0, 100,
                                   "percentage points that the metric may lose; layers stay in float32 until "
                                   "it loses no more"),
    option<&Int8Options::float_ends>("keep the first and the last layer in float32"));

struct ExportRequest {
  ExportFormat format = ExportFormat::safetensors;
  TensorNames names = TensorNames::own;  // for safetensors and pth
  // For onnx. with_preprocess: the input is 8-bit pixels, N×height×width×3, the output probabilities or
  // numbers; without it normalised values, N×3×height×width, and logits or numbers. half: weights and
  // computations in float16.
  bool with_preprocess = false, half = false;
  // For onnx: weights and activations in 8 bits, if this names labelled pictures with the model's labels. The
  // metric is measured on the part that evaluate_model() would evaluate; the ranges of the activations come
  // from the other pictures.
  DataSource int8 = {};
  Int8Options int8_options = {};
};

// Adds the output `out` for export_model(): a file, or for timm the files of a folder.
void add_export(OutputFiles& outputs, const std::string& path, ExportFormat format);
// Writes the model of a run folder or model file to the output `out`, which is checked first. Throws Error,
// also for weights that are not finite, and UsageError for a model that the format cannot hold, a library of
// `names` that does not have it, and options of another format. A safetensors file with other names than its
// own is a plain one, whose metadata has the network, the classes and the preprocess, as that of an ONNX
// file; the folder for timm has timm's names. With int8 throws Error if the metric loses more than
// Int8Options::max_drop with half of the layers in float32.
//
// Returns a sentence about the metric with int8, for people; else empty.
std::string export_model(const std::string& model, const ExportRequest& request, OutputFiles& outputs,
                         const Observer& observer = {});

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
