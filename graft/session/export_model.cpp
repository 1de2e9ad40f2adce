#include "graft/session/export_model.h"

#include "graft/device/engine_error.h"
#include "graft/models/finite.h"
#include "graft/models/load.h"
#include "graft/models/model_file.h"
#include "graft/session/open_model.h"
#include "graft/session/request.h"
#include "graft/task/task.h"
#include "graft/weights/pth.h"

namespace graft {

void export_model(const std::string& model_path, ExportFormat format, OutputFile& file,
                  const std::string& where) {
  with_engine_errors(model_path, [&] {
    const Model model = open_model(model_path);
    if (format == ExportFormat::safetensors) return save_model(file, where, model);
    {
      const torch::NoGradGuard no_gradients;
      make_task(model.task)->absorb_scale(model.network->head()->weight, model.network->head()->bias);
    }
    check_tensors(*model.network);
    const StateDict state = state_of(*model.network);
    write_pth(file, where, state.tensors);
  });
}

}  // namespace graft
