// write_models FOLDER: writes models, pictures and what Predictor gives for them, for the tests of the C
// interface:
//   single, multi, number   model files
//   0.ppm, 1.ppm, 2.ppm     pictures
//   1.jpg, damaged.jpg      the second picture as a JPEG file, and the first half of its bytes
//   expected.txt            for each model and picture, in this order, one line: MODEL PICTURE OUTPUTS…
//   FEATURES… printed.txt             what the examples print for single and 0.ppm
#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "graft/infer/predictor.h"
#include "graft/models/load.h"
#include "graft/models/model_file.h"
#include "tests/support/formula.h"
#include "tests/support/picture_set.h"

namespace graft::test {
namespace {

struct NamedTask {
  const char* name;
  std::vector<std::string> classes;
  TaskSpec task;
};

Model formula_model(const NamedTask& each) {
  const ModelSpec& spec = find_model("shufflenet_v2_x0_5");
  Model model{spec.name, each.classes, spec.preprocess, {}, nullptr};
  model.network = build_with_weights(spec, static_cast<std::int64_t>(each.classes.size()), "none").network;
  model.preprocess.resize = 72;
  model.preprocess.crop = 64;
  model.task = each.task;
  fill_with_formula(*model.network);
  return model;
}

// Values by index of the output.
std::vector<double> outputs_of(const Prediction& prediction) {
  if (prediction.number) return {*prediction.number};
  std::vector<double> outputs(prediction.top.size());
  for (const ClassScore& score : prediction.top)
    outputs[static_cast<std::size_t>(score.index)] = score.probability;
  return outputs;
}

std::string with_format(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

void write_models(const std::filesystem::path& folder) {
  disk().make_directories(folder);
  std::vector<std::string> pictures;
  const std::vector<Size> sizes = {{80, 100}, {120, 70}, {40, 50}};
  for (int i = 0; i < 3; ++i) {
    pictures.push_back(std::to_string(i) + ".ppm");
    const Size size = sizes[static_cast<std::size_t>(i)];
    replace_file(folder / pictures.back(), generated_picture(i, 5 * i, size.height, size.width));
  }
  const std::string jpeg = encode_jpeg(read_image(folder / "1.ppm").view(), 90);
  replace_file(folder / "1.jpg", jpeg);
  replace_file(folder / "damaged.jpg", jpeg.substr(0, jpeg.size() / 2));
  pictures.push_back("1.jpg");

  const std::vector<NamedTask> tasks = {{"single", {"ant", "bee", "Käfer"}, {LabelKind::single}},
                                        {"multi", {"ant", "bee", "Käfer"}, {LabelKind::multi}},
                                        {"number", {"age"}, {LabelKind::number, 40, 10}}};
  std::string expected, printed;
  for (const NamedTask& task : tasks) {
    save_model(folder / task.name, formula_model(task));
    const Predictor predictor(folder / task.name, "cpu", 1);
    for (const std::string& picture : pictures) {
      const std::vector<double> outputs = outputs_of(predictor.answer(folder / picture));
      expected += std::string(task.name) + " " + picture;
      for (const double value : outputs) expected += with_format(" %.9g", value);
      for (const float value : predictor.features(folder / picture)) expected += with_format(" %.9g", value);
      expected += "\n";
      if (!printed.empty()) continue;
      for (std::size_t i = 0; i < outputs.size(); ++i)
        printed += task.classes[i] + with_format(" %.4f\n", outputs[i]);
    }
  }
  replace_file(folder / "expected.txt", expected);
  replace_file(folder / "printed.txt", printed);
}

}  // namespace
}  // namespace graft::test

int main(int argc, char** argv) {
  try {
    if (argc == 2) graft::test::write_models(argv[1]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "write_models: %s\n", error.what());
    return 1;
  }
  return argc == 2 ? 0 : 2;
}
