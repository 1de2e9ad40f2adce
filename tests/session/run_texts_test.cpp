#include <gtest/gtest.h>

#include "graft/session/result_texts.h"

namespace graft {
namespace {

// What is decided before a run of four training and two validation pictures.
class RunTexts : public ::testing::Test {
 protected:
  RunTexts() {
    data_.train.samples.resize(4);
    data_.val.samples.resize(2);
  }
  std::string text(const std::string& resumed = "", std::optional<ResumePoint> point = {}) const {
    return to_text(RunStart{recipe_, data_, "2 classes: ants, b\nees", "logistic regression", "none",
                            "new, 2 classes", "cpu", "fp32 (no choice)", "2.0 GiB for a batch of 4", point},
                   resumed);
  }

  Recipe recipe_ = preset("finetune");
  TrainingData data_;
};

TEST_F(RunTexts, TheStartNamesDataNetworkAndMachine) {
  EXPECT_EQ(text(),
            "data     4 training and 2 validation pictures, 2 classes: ants, b\\x0aees\n"
            "preset   finetune, 25 epochs\n"
            "model    resnet18, weights none\n"
            "head     new, 2 classes\n"
            "device   cpu\n"
            "compute  fp32 (no choice)\n"
            "memory   about 2.0 GiB for a batch of 4\n"
            "\n");
}

TEST_F(RunTexts, TheStartSaysWhatAProbeAndAFrozenBackboneAre) {
  data_.split = true;
  recipe_ = preset("best");
  EXPECT_NE(text().find("validation pictures (split off the training pictures), 2 classes"),
            std::string::npos);
  EXPECT_NE(text().find("\nprobe    the head by logistic regression on 1 view of each picture\n"
                        "frozen   all but the head; batch norm held (`frozen_bn` eval)\ndevice"),
            std::string::npos);
  recipe_.frozen_bn = FrozenBn::update;
  EXPECT_NE(text().find("batch norm statistics move, as in the tutorial (`frozen_bn` update)\n"),
            std::string::npos);
  recipe_ = preset("probe");
  EXPECT_NE(text().find("preset   probe\n"), std::string::npos);
  EXPECT_EQ(text().find("frozen"), std::string::npos);
}

TEST_F(RunTexts, AResumedRunNamesItsPoint) {
  EXPECT_EQ(text("r").rfind("resume   r, from the beginning: it has no checkpoint\ndata     ", 0), 0U);
  EXPECT_NE(text("r").find("\npreset   "), std::string::npos);
  EXPECT_NE(text("r", ResumePoint{false, 1, 0}).find("\nresume   r, after 1 epoch\ndevice"),
            std::string::npos);
  EXPECT_NE(text("r", ResumePoint{true, 0, 0}).find("\nresume   r, after the probe\n"), std::string::npos);
  EXPECT_NE(
      text("r", ResumePoint{true, 2, 5}).find(", after the probe and 2 epochs, and 5 batches of epoch 3\n"),
      std::string::npos);
}

EpochRecord record_of(int epoch, double accuracy) {
  EpochRecord record;
  record.epoch = epoch;
  record.train_loss = 0.25;
  record.train = {{"acc", 0.5}};
  record.val_loss = 0.125;
  record.val = {{"acc", accuracy}};
  return record;
}

TEST_F(RunTexts, AnEpochIsThatOfTheTutorial) {
  EXPECT_EQ(to_text(EpochEnd{record_of(2, 0.75), 3, true}),
            "Epoch 2/3\n"
            "----------\n"
            "train Loss: 0.2500 Acc: 0.5000\n"
            "val Loss: 0.1250 Acc: 0.7500  (best)\n"
            "\n");
  EpochRecord probe = record_of(0, 0.75);
  probe.probe = true;
  EXPECT_EQ(to_text(EpochEnd{probe, 0, true}).rfind("Probe\n", 0), 0U);
  EXPECT_EQ(to_text(EpochEnd{probe, 0, true}).find("(best)"), std::string::npos) << "nothing follows";
}

TEST_F(RunTexts, AFoldHasItsMetricsAndSaysIfTimeCutItShort) {
  FoldEnd end{2, 3, {{"acc", 0.75}}, 0.5, 9.2};
  EXPECT_EQ(to_text(end), "Fold 2/3  val Loss: 0.5000 Acc: 0.7500  9 s\n");
  end.out_of_time = true;
  EXPECT_EQ(to_text(end), "Fold 2/3  val Loss: 0.5000 Acc: 0.7500  9 s  (time limit)\n");
}

TEST_F(RunTexts, MetricsOfPicturesThatTrainedTheStartingWeightsAreNotCalledClean) {
  TrainResult result;
  result.history = {record_of(1, 0.75)};
  result.evaluation.test = PartRecord{6, 0.1, {{"acc", 0.75}}, {}};
  EXPECT_NE(to_text(result).find("Test Acc: 0.750000 (6 pictures that had no part in training)\n"),
            std::string::npos);
  result.evaluation.test->seen_before = 4;
  result.evaluation.val = PartRecord{1, 0.1, {{"acc", 0.75}}, {{"acc", {0.5, 1}}}, 1};
  const std::string text = to_text(result);
  EXPECT_NE(text.find("(1 picture; the starting weights were trained on 1 of the 1 picture: optimistic)\n"),
            std::string::npos);
  EXPECT_NE(
      text.find(
          "Test Acc: 0.750000 (the starting weights were trained on 4 of the 6 pictures: optimistic)\n"),
      std::string::npos);
}

TEST_F(RunTexts, TheResultHasItsEndItsTimeAndItsBestMetric) {
  TrainResult result;
  result.history = {record_of(1, 0.75), record_of(2, 0.5)};
  result.seconds = 61.9;
  EXPECT_EQ(to_text(result),
            "Training complete in 1m 1s\n"
            "Best val Acc: 0.750000 (epoch 1; last epoch 0.500000)\n");
  result.ending = Ending::time_limit;
  EXPECT_EQ(to_text(result).rfind("Time limit reached after 2 epochs\nTrained for 1m 1s\n", 0), 0U);
  result.ending = Ending::patience;
  EXPECT_EQ(to_text(result).rfind("No better accuracy on the validation pictures: ended early\n", 0), 0U);
  result.ending = Ending::finished;
  result.history.pop_back();
  EXPECT_EQ(to_text(result, RunFolder("runs/p\nets")),
            "Training complete in 1m 1s\n"
            "Best val Acc: 0.750000\n"
            "run      runs/p\\x0aets: model.safetensors, report.html, predictions.png\n");
}

}  // namespace
}  // namespace graft
