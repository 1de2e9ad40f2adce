#include "graft/core/shell_word.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/page_template.h"
#include "graft/report/task_report.h"

namespace graft {
namespace {

// A C++ string literal.
std::string literal(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// Predictions are written at the end of training.
std::string resuming(const RunData& run) {
  return fill_block(report_blocks, "resume", {{"run", shell_word(run.folder.path().string())}});
}

std::string without_model(const RunData& run) {
  return fill_block(report_blocks, "no_model", {{"file", run.folder.model().filename().string()}});
}

std::string commands(const RunData& run) {
  const TaskReport& task = task_report(run.labels);
  const std::string path = run.folder.path().string();
  return fill_block(report_blocks, task.usage_block,
                    {{"run", shell_word(path)}, {"data", task.evaluated}, {"path", literal(path)}}) +
         fill_block(report_blocks, "python_usage", {{"outputs", task.outputs(run.config)}});
}

}  // namespace

std::string usage_section(const RunData& run) {
  return (run.val ? "" : resuming(run)) + (run.model_bytes > 0 ? commands(run) : without_model(run));
}

}  // namespace graft
