#include "graft/infer/evaluate.h"

#include <gtest/gtest.h>

#include <cmath>

#include "graft/infer/inference_model.h"
#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

class Evaluate : public ::testing::Test {
 protected:
  Evaluate() { test::write_data_set(folder_); }
  Loader loader(int batch_size) const {
    LoaderOptions options;
    options.batch_size = batch_size;
    return {list_folder(folder_.path() / "val", model_.classes).samples, model_.preprocess, options};
  }

  InferenceModel compiled() const { return InferenceModel::compile(model_, torch::kCPU); }

  test::TemporaryFolder folder_;
  Model model_ = test::tiny_model({"blue", "green", "red"});
};

TEST_F(Evaluate, OutcomesAreThoseOfTheLogits) {
  const Evaluation evaluation = evaluate(compiled(), loader(5));
  ASSERT_EQ(evaluation.outcomes.size(), 12U);
  const Loader one_batch = loader(12);
  const auto batch = one_batch.epoch(0)->next();
  model_.network->eval();
  const auto logits = model_.network->forward(images_of(*batch, torch::kCPU));
  for (std::size_t i = 0; i < 12; ++i) {
    const Outcome& outcome = evaluation.outcomes[i];
    const auto row = torch::softmax(logits[static_cast<std::int64_t>(i)].to(torch::kFloat64), 0);
    EXPECT_EQ(outcome.index, i);
    EXPECT_EQ(outcome.label, static_cast<std::int64_t>(i / 4));
    EXPECT_EQ(outcome.predicted, row.argmax().item<std::int64_t>());
    EXPECT_NEAR(outcome.probability, row.max().item<double>(), 1e-5);
    EXPECT_NEAR(outcome.loss, -std::log(row[outcome.label].item<double>()), 1e-5);
  }
}

TEST_F(Evaluate, TheBatchSizeChangesNothing) {
  const auto by_one = evaluate(compiled(), loader(1)).outcomes;
  const auto by_five = evaluate(compiled(), loader(5)).outcomes;
  for (std::size_t i = 0; i < by_one.size(); ++i) EXPECT_NEAR(by_one[i].loss, by_five[i].loss, 1e-5);
}

TEST_F(Evaluate, TheNetworkDoesNotChange) {
  model_.network->train();
  const auto before = dynamic_cast<test::TinyNetwork&>(*model_.network).norm()->running_mean.clone();
  evaluate(compiled(), loader(4));
  EXPECT_TRUE(model_.network->is_training());
  EXPECT_TRUE(torch::equal(dynamic_cast<test::TinyNetwork&>(*model_.network).norm()->running_mean, before));
  EXPECT_FALSE(model_.network->parameters().front().grad().defined());
}

TEST_F(Evaluate, ProgressEndsAtTheLastPicture) {
  std::vector<std::uint64_t> done;
  const auto told = [&](const Progress& p) {
    EXPECT_EQ(p.what, "val");
    EXPECT_EQ(p.total, 12U);
    done.push_back(p.done);
  };
  evaluate(compiled(), loader(5), {.what = "val", .progress = told});
  EXPECT_EQ(done, (std::vector<std::uint64_t>{5, 10, 12}));
}

}  // namespace
}  // namespace graft
