#include "graft/core/text.h"
#include "graft/report/format.h"
#include "graft/report/html.h"
#include "graft/report/page_template.h"

namespace graft {
namespace {

constexpr const char* file = "report.html";

// A string of C++.
std::string literal(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// Predictions are written when the training is over.
std::string resuming(const RunData& run) {
  return fill_block(file, "resume", {{"run", shell_word(run.folder.path().string())}});
}

std::string without_model(const RunData& run) {
  return fill_block(file, "no_model", {{"file", run.folder.model().filename().string()}});
}

std::string commands(const RunData& run) {
  const bool of_several_classes = !run.label_figures.empty();
  const std::string path = run.folder.path().string();
  return fill_block(file, "usage",
                    {{"run", shell_word(path)},
                     {"data", of_several_classes ? "labels.csv" : "folder_of_classes/"},
                     {"path", literal(path)},
                     {"classes", counted(run.config.classes.size(), "class")}});
}

}  // namespace

std::string usage_section(const RunData& run) {
  return (run.judged() ? "" : resuming(run)) + (run.model_bytes > 0 ? commands(run) : without_model(run));
}

}  // namespace graft
