#include "graft/train/distill.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/data/normalize.h"
#include "graft/train/train_step.h"
#include "tests/support/error_of.h"
#include "tests/support/tiny_training.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

const torch::Tensor of_student = torch::tensor({{2.0F, -1.0F, 0.5F}, {0.25F, 1.5F, -2.0F}});
const torch::Tensor of_teacher = torch::tensor({{3.0F, 0.0F, -1.0F}, {-0.5F, 0.75F, 1.25F}});

double difference(LabelKind kind, double temperature) {
  return distillation_loss(kind, of_student, of_teacher, temperature).item<double>();
}

// T·T·F.kl_div(F.log_softmax(s / T, 1), F.softmax(t / T, 1), reduction="batchmean") of PyTorch; for several
// labels the same sum of the two answers of each class.
TEST(Distillation, EqualsPyTorch) {
  EXPECT_NEAR(difference(LabelKind::single, 1), 0.7888550758361816, 1e-6);
  EXPECT_NEAR(difference(LabelKind::single, 4), 1.1434210538864136, 1e-5);
  EXPECT_NEAR(difference(LabelKind::multi, 1), 0.2805868685245514, 1e-6);
  EXPECT_NEAR(difference(LabelKind::multi, 4), 0.32724955677986145, 1e-5);
  EXPECT_NEAR(difference(LabelKind::number, 4), 2.65625, 1e-6);
}

// T² keeps the size of the gradient: for high temperatures it is that of ½ of the squared difference of the
// centred outputs, over the number of classes (section 2.1 of the paper).
TEST(Distillation, AtHighTemperaturesMatchesTheOutputs) {
  const auto centred = [](const torch::Tensor& outputs) { return outputs - outputs.mean(1, true); };
  const double expected =
      0.5 * (centred(of_student) - centred(of_teacher)).square().mean(1).mean().item<double>();
  EXPECT_NEAR(difference(LabelKind::single, 50), expected, 0.05 * expected);
}

torch::Tensor random_inputs(std::int64_t count) {
  torch::manual_seed(9);
  return torch::randn({count, 3, 16, 16});
}

TEST(Distiller, OrdersTheTeachersOutputsByTheStudentsClasses) {
  const Model student = test::tiny_model({"a", "b", "c"}, 1);
  Model teacher = test::tiny_model({"c", "a", "b"}, 2);
  const torch::Tensor images = random_inputs(4);
  const torch::Tensor plain = InferenceModel::compile(teacher, torch::kCPU).logits(images);
  const Distiller distiller(std::move(teacher), student, {}, torch::kCPU, 4);
  EXPECT_TRUE(distiller.outputs(images).equal(plain.index_select(1, torch::tensor({1, 2, 0}))));
}

TEST(Distiller, GivesTheTeacherItsOwnNormalisationAndSize) {
  const Model student = test::tiny_model({"a", "b"}, 1);
  Model teacher = test::tiny_model({"a", "b"}, 2);
  teacher.preprocess.mean = {0.5F, 0.4F, 0.3F};
  teacher.preprocess.std = {0.2F, 0.25F, 0.5F};
  const auto channels = [](const std::array<float, 3>& values) {
    return torch::tensor({values[0], values[1], values[2]}).reshape({1, 3, 1, 1});
  };
  const torch::Tensor pixels = torch::rand({4, 3, 16, 16});
  const auto normalised = [&](const Preprocess& p) { return (pixels - channels(p.mean)) / channels(p.std); };
  const torch::Tensor expected =
      InferenceModel::compile(teacher, torch::kCPU).logits(normalised(teacher.preprocess));
  const Distiller distiller(teacher, student, {}, torch::kCPU, 4);
  EXPECT_TRUE(torch::allclose(distiller.outputs(normalised(student.preprocess)), expected, 1e-4, 1e-5));
  set_input_size(teacher.preprocess, 24);
  const Distiller larger(std::move(teacher), student, {}, torch::kCPU, 4);
  EXPECT_EQ(larger.outputs(random_inputs(4)).sizes(), torch::IntArrayRef({4, 2}));
  EXPECT_FALSE(torch::allclose(larger.outputs(normalised(student.preprocess)), expected, 1e-3, 1e-4));
}

TEST(Distiller, ConvertsNumbersToTheStudentsScale) {
  Model student = test::tiny_model({"age"}, 1), teacher = test::tiny_model({"age"}, 2);
  student.task = {LabelKind::number, 40, 10};
  teacher.task = {LabelKind::number, 50, 20};
  const torch::Tensor images = random_inputs(3);
  const torch::Tensor plain = InferenceModel::compile(teacher, torch::kCPU).logits(images);
  const Distiller distiller(std::move(teacher), student, {}, torch::kCPU, 3);
  EXPECT_TRUE(torch::allclose(distiller.outputs(images), (plain * 20 + 50 - 40) / 10, 1e-5, 1e-5));
}

TEST(Distiller, NeedsATeacherOfTheSameClassesAndLabels) {
  const Model student = test::tiny_model({"a", "b"}, 1);
  const auto error = [&](Model teacher) {
    return test::error_of([&] { Distiller(std::move(teacher), student, {}, torch::kCPU, 1); });
  };
  EXPECT_EQ(
      error(test::tiny_model({"a", "c"}, 2)),
      "`teacher`: it has other classes (a, c) than the data (a, b); give a model that was trained on the "
      "classes of the data");
  Model multi = test::tiny_model({"a", "b"}, 2);
  multi.task.kind = LabelKind::multi;
  EXPECT_THAT(error(std::move(multi)), HasSubstr("its labels are of the kind multi, and those of the data "));
}

class DistilledStep : public test::TinyTraining {
 protected:
  DistilledStep() {
    recipe_.optimizer = {.lr = 0.1, .momentum = 0};
    recipe_.hold_bn = true;
    recipe_.distill.teacher = "teacher";
    recipe_.distill.distill_weight = 0.75;
    recipe_.distill.distill_temperature = 3;
  }
  Model model(std::uint64_t seed) const { return test::tiny_model(data_.train.classes, seed); }
  Distiller distiller(const Model& student, std::vector<Sample> unlabelled = {}) const {
    return {model(7), student, recipe_.distill, torch::kCPU, 6, std::move(unlabelled)};
  }
  static TensorBatch batch(const std::vector<std::int64_t>& labels) {
    TensorBatch batch;
    batch.images = random_inputs(static_cast<std::int64_t>(labels.size()));
    batch.labels = torch::tensor(labels, torch::kInt64);
    return batch;
  }
  double loss_of_step(Model& student, const Distiller& teacher, const TensorBatch& batch) {
    TrainStep step(*student.network, recipe_, torch::kCPU, data_.train, {}, single_process(), &teacher);
    step.begin_epoch(0);
    step.step(batch, {0, 0, 1}, 0.1);
    return step.metrics().loss;
  }
};

TEST_F(DistilledStep, AddsTheTeachersAnswersToTheLabels) {
  Model student = model(3);
  const Distiller teacher = distiller(student);
  const TensorBatch one = batch({0, 1, 2, 0, 1, 2});
  const torch::Tensor logits = InferenceModel::compile(student, torch::kCPU).logits(one.images);
  const double expected =
      0.75 * distillation_loss(LabelKind::single, logits, teacher.outputs(one.images), 3).item<double>() +
      0.25 * torch::nn::functional::cross_entropy(logits, one.labels).item<double>();
  EXPECT_NEAR(loss_of_step(student, teacher, one), expected, 1e-5);
}

// 24 labelled and 8 unlabelled pictures: a labelled one has the weight of 32 / 24 in the loss of the labels.
TEST_F(DistilledStep, UnlabelledPicturesHaveOnlyTheTeachersAnswer) {
  Model student = model(3);
  ASSERT_EQ(data_.train.samples.size(), 24U);
  const Distiller teacher = distiller(student, std::vector<Sample>(8, Sample{"x.ppm", 2}));
  EXPECT_EQ(teacher.unlabelled().front().label, no_label);
  const TensorBatch one = batch({0, no_label, 2, no_label, 1, 2});
  const torch::Tensor logits = InferenceModel::compile(student, torch::kCPU).logits(one.images);
  const torch::Tensor rows = torch::tensor({0, 2, 4, 5});
  const double of_labels =
      torch::nn::functional::cross_entropy(logits.index_select(0, rows), one.labels.index_select(0, rows))
          .item<double>();
  const double expected =
      0.75 * distillation_loss(LabelKind::single, logits, teacher.outputs(one.images), 3).item<double>() +
      0.25 * (4.0 / 6) / (24.0 / 32) * of_labels;
  EXPECT_NEAR(loss_of_step(student, teacher, one), expected, 1e-5);
}

TEST_F(DistilledStep, ABatchWithoutLabelsTrainsToo) {
  Model student = model(3);
  const Distiller teacher = distiller(student, {{"x.ppm"}, {"y.ppm"}});
  const torch::Tensor before = student.network->head()->weight.detach().clone();
  loss_of_step(student, teacher, batch({no_label, no_label}));
  EXPECT_FALSE(student.network->head()->weight.equal(before));
}

TEST_F(DistilledStep, OptionsThatMixOrCountLabelsNeedLabels) {
  recipe_.distill.unlabelled = "more";
  const auto error = [](const Recipe& recipe) { return test::error_of([&] { check_recipe(recipe); }); };
  EXPECT_EQ(error(recipe_), "");
  Recipe mixed = recipe_, balanced = recipe_;
  mixed.mix.cutmix = 1;
  balanced.sampling = Sampling::balanced;
  EXPECT_EQ(error(mixed),
            "`cutmix`: mixes labels, and `unlabelled` pictures have none; set it to 0, or leave `unlabelled` "
            "out");
  EXPECT_THAT(error(balanced), HasSubstr("`sampling`: balanced draws by labels"));
}

}  // namespace
}  // namespace graft
