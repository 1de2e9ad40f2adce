#include "graft/models/hub_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"
#include "tests/support/environment.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// The cache of a machine without a connection.
class HubModels : public ::testing::Test {
 protected:
  // Returns the folder of its files.
  std::filesystem::path add_repository(const std::string& name, const std::string& config) {
    const std::string commit(40, 'a'), repository = "models--timm--" + name;
    folder_.write(repository + "/refs/main", commit);
    return std::filesystem::path(folder_.write(repository + "/snapshots/" + commit + "/config.json", config))
        .parent_path();
  }

  TemporaryFolder folder_;
  Environment cache_{"HF_HUB_CACHE", folder_.path().string()}, offline_{"HF_HUB_OFFLINE", "1"};
};

TEST_F(HubModels, HaveTheNetworkOfTheirConfig) {
  add_repository("mine", R"({"architecture": "mnasnet_050"})");
  for (const char* weights : {"default", "hf-hub:timm/mine"}) {
    const ModelAndWeights found = resolve_hub_model("hf-hub:timm/mine", weights);
    EXPECT_EQ(found.model, "mnasnet0_5");
    EXPECT_EQ(found.weights, "hf-hub:timm/mine");
  }
  EXPECT_EQ(resolve_hub_model("resnet18", "none").weights, "none");
}

TEST_F(HubModels, OtherWeightsWouldLoseThePreprocessing) {
  const auto folder = add_repository("mine", R"({"architecture": "mnasnet_050"})");
  for (const char* weights : {"none", "file.pth"})
    EXPECT_THAT(error_of([&] { resolve_hub_model("hf-hub:timm/mine", weights); }),
                AllOf(HasSubstr("hf-hub:timm/mine: states the preprocessing of its own weights"),
                      HasSubstr("use `model` mnasnet0_5"), HasSubstr((folder / "config.json").string())));
}

TEST_F(HubModels, SayWhatTheCacheLacks) {
  add_repository("transformers", R"({"architectures": ["ResNet"]})");
  EXPECT_THAT(error_of([] { resolve_hub_model("hf-hub:timm/transformers", "default"); }),
              HasSubstr("states neither timm's \"architecture\" nor"));
  EXPECT_THAT(error_of([] { fetch_hub_weights("hf-hub:timm/transformers"); }),
              HasSubstr("has neither model.safetensors nor pytorch_model.bin in the cache"));
}

// Weights of the registry that are a repository.
TEST_F(HubModels, NamedWeightsComeFromTheirRepository) {
  const ModelSpec& spec = find_model("vit_tiny_patch16_224");
  const PretrainedWeights& named = *find_pretrained(spec, "augreg_in21k");
  EXPECT_FALSE(weights_at_hand(named));
  EXPECT_THAT(error_of([&] { find_weights(spec, "augreg_in21k"); }),
              AllOf(HasSubstr("hf-hub:timm/vit_tiny_patch16_224.augreg_in21k"), HasSubstr("HF_HUB_OFFLINE")));
  const auto folder = add_repository(
      "vit_tiny_patch16_224.augreg_in21k",
      R"({"architecture": "vit_tiny_patch16_224", "pretrained_cfg": {"crop_pct": 0.5, "mean": [0.5, 0.5, 0.5]}})");
  const NetworkPtr source = spec.build({3, Init::none});
  fill_with_formula(*source);
  write_safetensors(folder / "model.safetensors", state_of(*source).tensors, {});
  EXPECT_TRUE(weights_at_hand(named));
  const LoadedNetwork loaded = build_with_weights(spec, classes_of_file, "augreg_in21k");
  EXPECT_EQ(loaded.weights, "augreg_in21k (" + (folder / "model.safetensors").string() + ")");
  EXPECT_EQ(loaded.preprocess.resize, 448);
  EXPECT_EQ(loaded.preprocess.mean[0], 0.5F);
  EXPECT_TRUE(loaded.network->head()->weight.equal(source->head()->weight));
}

TEST_F(HubModels, OfAnotherPoolingAreRefused) {
  const ModelSpec& spec = find_model("vit_tiny_patch16_224");
  const auto with_pool = [&](const std::string& pool) {
    const auto folder =
        add_repository("mine", R"({"architecture": "vit_tiny_patch16_224", "model_args": {"global_pool": ")" +
                                   pool + "\"}}");
    write_safetensors(folder / "model.safetensors", state_of(*spec.build({3, Init::random})).tensors, {});
    return error_of([&] { build_with_weights(spec, classes_of_file, "hf-hub:timm/mine"); });
  };
  EXPECT_THAT(with_pool("avg"),
              HasSubstr("states the pooling \"avg\", and vit_tiny_patch16_224 has \"token\""));
  EXPECT_EQ(with_pool("token"), "");
}

TEST_F(HubModels, OtherWeightsAreNamedInWhatTheyDifferFrom) {
  const ModelSpec& spec = find_model("vit_base_patch32_clip_224");
  EXPECT_THAT(find_pretrained(spec, "openai")->note, HasSubstr("QuickGELU"));
  EXPECT_EQ(find_pretrained(spec, "laion2b")->note, "");
}

// timm reads one repository with both kinds of GELU; its config.json names one.
TEST_F(HubModels, ARepositoryMayHoldTheWeightsOfTwoNetworks) {
  const ModelSpec& quick = find_model("vit_base_patch32_clip_quickgelu_224");
  EXPECT_EQ(find_pretrained(quick, "openai")->hub, "timm/vit_base_patch32_clip_224.openai");
  const auto folder =
      add_repository("vit_base_patch32_clip_224.openai", R"({"architecture": "vit_base_patch32_clip_224"})");
  const NetworkPtr source = quick.build({3, Init::none});
  fill_with_formula(*source);
  write_safetensors(folder / "model.safetensors", state_of(*source).tensors, {});
  EXPECT_THAT(build_with_weights(quick, classes_of_file, "openai").report.notes, ::testing::IsEmpty());
  EXPECT_THAT(
      build_with_weights(find_model("vit_base_patch32_clip_224"), classes_of_file, "openai").report.notes,
      ElementsAre(HasSubstr("trained with QuickGELU, which vit_base_patch32_clip_quickgelu_224 computes")));
}

}  // namespace
}  // namespace graft::test
