#include "graft/infer/predictor.h"

#include <ATen/Parallel.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <new>
#include <stdexcept>

#include "graft/device/engine_error.h"
#include "graft/infer/predict.h"
#include "graft/models/load.h"
#include "tests/support/picture_set.h"

namespace graft {
namespace {

Model saved_model(const test::TemporaryFolder& folder) {
  const ModelSpec& spec = find_model("resnet18");
  const Model model{spec.name, {"a", "b"}, spec.preprocess, {}, build_with_weights(spec, 2, "none").network};
  save_model(folder.path() / "model.safetensors", model);
  return model;
}

double first_probability(const Predictor& predictor, const std::string& picture) {
  double probability = 0;
  predictor.predict({picture}, {}, [&](const Prediction& p) { probability = p.top.front().probability; });
  return probability;
}

TEST(Predictor, AnswersAsTheModelItWasMadeFrom) {
  const test::TemporaryFolder folder;
  const Model model = saved_model(folder);
  const std::vector<std::string> pictures = {folder.write("1.ppm", test::generated_picture(0, 1)).string()};

  std::vector<double> expected, answered;
  predict(model, pictures, {.top_k = 2}, torch::kCPU, [&](const Prediction& p) {
    for (const ClassScore& guess : p.top) expected.push_back(guess.probability);
  });
  const Predictor predictor(folder.path(), "cpu");
  EXPECT_EQ(predictor.classes(), model.classes);
  predictor.predict(pictures, {.top_k = 2}, [&](const Prediction& p) {
    for (const ClassScore& guess : p.top) answered.push_back(guess.probability);
  });
  EXPECT_EQ(answered, expected);
}

// OpenMP's threads do not come along: a child that waited for them would wait for ever.
TEST(Predictor, AnswersInAForkedProcess) {
  const int before = at::get_num_threads();
  at::set_num_threads(2);
  const test::TemporaryFolder folder;
  saved_model(folder);
  const std::string picture = folder.write("1.ppm", test::generated_picture(0, 1)).string();
  const Predictor predictor(folder.path(), "cpu");
  const double expected = first_probability(predictor, picture);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::alarm(120);  // a child that hangs is killed
    const double answered = first_probability(predictor, picture);
    ::_exit(std::abs(answered - expected) < 1e-4 && at::get_num_threads() == 1 ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  EXPECT_NEAR(first_probability(predictor, picture), expected, 1e-6);  // the parent goes on as before
  EXPECT_EQ(at::get_num_threads(), 2);
  at::set_num_threads(before);
}

TEST(Predictor, ItsErrorsAreGraftsOwn) {
  const test::TemporaryFolder folder;
  saved_model(folder);
  const std::string picture = folder.write("1.ppm", test::generated_picture(0, 1)).string();
  const Predictor predictor(folder.path(), "cpu");
  const auto predict_with = [&](const PredictionCallback& each) { predictor.predict({picture}, {}, each); };
  EXPECT_THROW(predict_with([](const Prediction&) { throw std::bad_alloc(); }), EngineError);
  EXPECT_THROW(predict_with([](const Prediction&) { throw std::logic_error("a caller's own"); }),
               std::logic_error);
}

}  // namespace
}  // namespace graft
