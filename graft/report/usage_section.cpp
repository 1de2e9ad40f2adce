#include "graft/core/counted.h"
#include "graft/report/format.h"
#include "graft/report/html_text.h"
#include "graft/report/sections.h"

namespace graft {
namespace {

std::string code(const std::string& text) { return "<pre><code>" + escape_html(text) + "</code></pre>\n"; }

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
  return "<p>The training is not complete. If it was stopped, this command continues it from its last "
         "checkpoint, or begins it again where there is none:</p>\n" +
         code("graft train --resume " + shell_word(run.folder.path().string()));
}

std::string without_model(const RunData& run) {
  return "<p>The run folder has no " + run.folder.model().filename().string() +
         ": a training writes it after its first epoch.</p>\n";
}

std::string commands(const RunData& run) {
  const bool of_several_classes = !run.label_figures.empty();
  const std::string path = run.folder.path().string(), word = shell_word(path);
  return "<h3>On the command line</h3>\n" +
         code("graft predict " + word + " picture.jpg folder/ --top-k 3\ngraft eval " + word +
              (of_several_classes ? " labels.csv" : " folder_of_classes/") + "\ngraft export " + word +
              " --format pth --out model.pth") +
         "<h3>In C++</h3>\n" +
         code(
             "#include "  // in two parts: the test of the layers reads sources by line
             "<graft/infer/predictor.h>\n\nconst graft::Predictor predictor(" +
             literal(path) +
             ");\npredictor.predict({\"picture.jpg\"}, {.top_k = 3}, [&](const graft::Prediction& p) {\n"
             "  for (const graft::ClassScore& score : p.top) {\n"
             "    std::cout << predictor.classes()[score.index] << ' ' << score.probability << '\\n';\n"
             "  }\n});") +
         "<h3>In Python</h3>\n" +
         code(
             "import torch\n\nstate = torch.load(\"model.pth\", weights_only=True)  # after graft export\n"
             "model.load_state_dict(state)  # the network of the same name, with " +
             counted(run.config.classes.size(), "class"));
}

}  // namespace

std::string usage_section(const RunData& run) {
  return (run.judged() ? "" : resuming(run)) + (run.model_bytes > 0 ? commands(run) : without_model(run));
}

}  // namespace graft
