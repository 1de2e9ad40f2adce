#include "graft/session/model_files.h"

#include <cmath>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/device/engine_error.h"
#include "graft/models/finite.h"
#include "graft/models/load.h"
#include "graft/models/model_file.h"
#include "graft/run/run.h"
#include "graft/session/open_model.h"
#include "graft/session/output_place.h"
#include "graft/session/request.h"
#include "graft/task/task.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

// A .pth has no target scale: the head's outputs are the numbers themselves, in float32. At 2^18 standard
// deviations from 0 their spacing is 1/32 of a standard deviation, and rounding changes them by 1 % of one.
void check_spacing(const TaskSpec& task, const std::string& where) {
  constexpr double max_ratio = 1 << 18;
  if (std::abs(task.mean) <= max_ratio * task.scale) return;
  throw Error(where,
              "the float32 outputs of a .pth cannot distinguish numbers near " + csv_number(task.mean) +
                  " that differ by " + csv_number(task.scale),
              "export safetensors, which keeps their mean and scale, or train on the numbers minus " +
                  csv_number(std::round(task.mean)));
}

}  // namespace

void export_model(const std::string& model_path, ExportFormat format, OutputFile& file,
                  const std::string& where) {
  with_engine_errors(model_path, [&] {
    const Model model = open_model(model_path);
    if (format == ExportFormat::safetensors) return save_model(file, where, model);
    check_spacing(model.task, model_path);
    make_task(model.task)->absorb_scale(model.network->head()->weight, model.network->head()->bias);
    check_tensors(*model.network);
    const StateDict state = state_of(*model.network);
    write_pth(file, where, state.tensors, find_model(model.architecture).python_version);
  });
}

void export_model(const std::string& model, ExportFormat format, OutputFiles& outputs) {
  outputs.reads({model_file(model).string()});
  outputs.keeps_out_of(data_of_run(model));
  outputs.check();
  const std::string path = outputs.file("out");
  outputs.write("out", [&](OutputFile& file) {
    export_model(model, format, file, path.empty() ? "the exported model" : path);
  });
}

}  // namespace graft
