// A trained model's weights in another file format. No torch in this header.
#pragma once

#include <array>
#include <string>

#include "graft/core/files.h"
#include "graft/core/option.h"
#include "graft/session/output_files.h"

namespace graft {

// safetensors: graft's model file, which has all that prediction needs in its metadata. pth: what
// torch.load(weights_only=True) reads, a state dict.
enum class ExportFormat { safetensors, pth };
template <>
struct EnumNames<ExportFormat> {
  static constexpr std::array<const char*, 2> names = {"safetensors", "pth"};
};

// Writes the model of a run folder or model file to `file`, which `where` names in messages. Throws Error,
// also for weights that are not finite.
void export_model(const std::string& model, ExportFormat format, OutputFile& file, const std::string& where);
// The same to the output `out`, which is checked before.
void export_model(const std::string& model, ExportFormat format, OutputFiles& outputs);

}  // namespace graft
