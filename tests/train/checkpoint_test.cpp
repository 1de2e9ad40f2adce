#include "graft/train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

Checkpoint example() {
  Checkpoint checkpoint;
  checkpoint.epoch = 3;
  checkpoint.step = 12;
  checkpoint.seconds = 0.1;
  checkpoint.epoch_seconds = 1.0 / 3;
  checkpoint.probe = ProbeFit{0.01, 0.2};
  EpochRecord record;
  record.train_loss = 1.0 / 3;
  record.epoch = 1;
  checkpoint.history = {record, record};
  checkpoint.history[1].epoch = 2;
  for (int i = 0; i < 12; ++i) checkpoint.tensors["network"].push_back(torch::full({i + 1}, i));
  checkpoint.tensors["random"] = {torch::arange(5, torch::kUInt8)};
  return checkpoint;
}

TEST(Checkpoint, IsLoadedAsSaved) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "c.safetensors";
  save_checkpoint(path, example(), {{"data", "x"}});
  const SavedCheckpoint saved = load_checkpoint(path);
  EXPECT_EQ(saved.facts, (std::map<std::string, std::string>{{"data", "x"}}));
  const Checkpoint& c = saved.checkpoint;
  EXPECT_EQ(c.epoch, 3);
  EXPECT_EQ(c.step, 12);
  EXPECT_EQ(c.seconds, 0.1);
  EXPECT_EQ(c.epoch_seconds, 1.0 / 3);
  EXPECT_EQ(c.probe->cv_loss, 0.2);
  ASSERT_EQ(c.history.size(), 2U);
  EXPECT_EQ(c.history[0].train_loss, 1.0 / 3);
  EXPECT_EQ(c.history[1].epoch, 2);
  ASSERT_EQ(c.tensors.at("network").size(), 12U);
  for (std::size_t i = 0; i < 12; ++i)  // not in alphabetical order: 0, 1, 10, 11, 2
    EXPECT_TRUE(torch::equal(c.tensors.at("network")[i], example().tensors["network"][i])) << i;
}

// The position as version 0.1 wrote it, without tensors.
TEST(Checkpoint, OfVersion01IsConvertedToCountFromOne) {
  const Checkpoint plain = load_checkpoint(test::golden("run_0_1/plain/checkpoint.safetensors")).checkpoint;
  EXPECT_EQ(plain.epoch, 1);
  EXPECT_EQ(plain.step, 1);
  ASSERT_EQ(plain.history.size(), 1U);
  EXPECT_EQ(epoch_cell(plain.history[0]), "1");
  const Checkpoint probed = load_checkpoint(test::golden("run_0_1/probe/checkpoint.safetensors")).checkpoint;
  EXPECT_EQ(probed.epoch, 1);
  ASSERT_EQ(probed.history.size(), 2U);
  EXPECT_EQ(epoch_cell(probed.history[0]), "probe");
  EXPECT_EQ(epoch_cell(probed.history[1]), "1");
}

TEST(Checkpoint, OtherFilesAreRefused) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "c.safetensors";
  write_safetensors(path, {}, {{"format", "graft-model"}});
  EXPECT_THAT(test::error_of([&] { load_checkpoint(path); }), HasSubstr("is not a checkpoint"));
  write_safetensors(path, {}, {{"format", "graft-checkpoint"}, {"format_version", "9"}});
  EXPECT_THAT(test::error_of([&] { load_checkpoint(path); }), HasSubstr("of format 9"));
  for (const char* position : {"", "{", "[]", "{\"epoch\":\"x\"}", "{\"epoch\":1,\"step\":0}"}) {
    write_safetensors(path, {},
                      {{"format", "graft-checkpoint"}, {"format_version", "1"}, {"position", position}});
    EXPECT_THAT(test::error_of([&] { load_checkpoint(path); }), HasSubstr("damaged checkpoint")) << position;
  }
}

TEST(Checkpoint, AGapInAListIsDamage) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "c.safetensors";
  save_checkpoint(path, example());
  StateDict state = read_weights(path);
  state.metadata.erase("checksum");  // otherwise the checksum fails first
  std::vector<NamedTensor> without;
  for (const NamedTensor& each : state.tensors) {
    if (each.name != "network.4") without.push_back(each);
  }
  const auto damaged = folder.path() / "d.safetensors";
  write_safetensors(damaged, without, state.metadata);
  EXPECT_THAT(test::error_of([&] { load_checkpoint(damaged); }), HasSubstr("network: tensor"));
}

TEST(Checkpoint, AChangedByteIsDamage) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "c.safetensors";
  save_checkpoint(path, example());
  std::string bytes = read_text(path);
  char& byte = bytes[bytes.size() - 20];
  byte = static_cast<char>(byte ^ 1);
  replace_file(path, bytes);
  EXPECT_THAT(test::error_of([&] { load_checkpoint(path); }),
              AllOf(HasSubstr("is damaged or not a checkpoint"), HasSubstr("checksum")));
}

TEST(Checkpoint, APositionThatChangedIsDamage) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "c.safetensors", damaged = folder.path() / "d.safetensors";
  save_checkpoint(path, example());
  StateDict state = read_weights(path);
  std::string& position = state.metadata.at("position");
  const std::size_t digit = position.find("\"step\":") + 7;
  position[digit] = position[digit] == '1' ? '2' : '1';
  write_safetensors(damaged, state.tensors, state.metadata);
  EXPECT_THAT(test::error_of([&] { load_checkpoint(damaged); }),
              AllOf(HasSubstr("is damaged"), HasSubstr("checksum")));
}

TEST(Checkpoint, OneWithoutAChecksumIsRead) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "c.safetensors", older = folder.path() / "d.safetensors";
  save_checkpoint(path, example());
  StateDict state = read_weights(path);
  ASSERT_EQ(state.metadata.erase("checksum"), 1U);
  write_safetensors(older, state.tensors, state.metadata);
  EXPECT_EQ(load_checkpoint(older).checkpoint.tensors.at("network").size(), 12U);
}

TEST(RestoreTensors, CopiesIntoThemOrReportsTheDifference) {
  const Checkpoint checkpoint = example();
  std::vector<torch::Tensor> into;
  for (int i = 0; i < 12; ++i) into.push_back(torch::zeros({i + 1}, torch::kInt64));
  EXPECT_THAT(
      test::error_of([&] { restore_tensors(checkpoint, "best", into); }),
      AllOf(HasSubstr("its best has 0 tensors, and this training run's has 12"), HasSubstr("`overwrite`")));
  std::vector<torch::Tensor> same;
  for (const torch::Tensor& tensor : checkpoint.tensors.at("network"))
    same.push_back(torch::zeros_like(tensor));
  restore_tensors(checkpoint, "network", same);
  EXPECT_TRUE(torch::equal(same[7], checkpoint.tensors.at("network")[7]));
  same[3] = torch::zeros({99});
  EXPECT_THAT(test::error_of([&] { restore_tensors(checkpoint, "network", same); }),
              HasSubstr("tensor 3 of its network has another shape or type"));
}

}  // namespace
}  // namespace graft
