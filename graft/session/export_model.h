// Exports a trained model's weights to another file format. This header does not include torch.
#pragma once

#include <array>
#include <string>

#include "graft/core/files.h"
#include "graft/core/option.h"

namespace graft {

// safetensors: graft's model file, with everything that prediction needs in its metadata. pth: a state dict
// for torch.load(weights_only=True).
enum class ExportFormat { safetensors, pth };
template <>
struct EnumNames<ExportFormat> {
  static constexpr std::array<const char*, 2> names = {"safetensors", "pth"};
};

// Writes the model of a run folder or model file to `file`, which `where` names in messages. Throws Error,
// also for weights that are not finite.
void export_model(const std::string& model, ExportFormat format, OutputFile& file, const std::string& where);

}  // namespace graft
