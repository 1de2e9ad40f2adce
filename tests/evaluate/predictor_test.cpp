#include "graft/evaluate/predictor.h"

#include <gtest/gtest.h>

#include "graft/evaluate/predict.h"
#include "graft/models/load.h"
#include "tests/support/picture_set.h"

namespace graft {
namespace {

TEST(Predictor, AnswersAsTheModelItWasMadeFrom) {
  const test::TemporaryFolder folder;
  const ModelSpec& spec = find_model("resnet18");
  const Model model{spec.name, {"a", "b"}, spec.preprocess, {}, build_with_weights(spec, 2, "none").network};
  save_model(folder.path() / "model.safetensors", model);
  const std::vector<std::string> pictures = {folder.write("1.ppm", test::generated_picture(0, 1)).string()};

  std::vector<double> expected, answered;
  predict(model, pictures, {.top_k = 2}, torch::kCPU, [&](const Prediction& p) {
    for (const Guess& guess : p.top) expected.push_back(guess.probability);
  });
  const Predictor predictor(folder.path(), "cpu");
  EXPECT_EQ(predictor.classes(), model.classes);
  predictor.predict(pictures, {.top_k = 2}, [&](const Prediction& p) {
    for (const Guess& guess : p.top) answered.push_back(guess.probability);
  });
  EXPECT_EQ(answered, expected);
}

}  // namespace
}  // namespace graft
