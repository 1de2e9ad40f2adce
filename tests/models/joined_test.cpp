#include "graft/models/joined.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/infer/grad_cam.h"
#include "graft/infer/inference_model.h"
#include "graft/models/model_file.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft::test {
namespace {

using ::testing::HasSubstr;

// A second tiny network, whose weights want other images.
void register_parts() {
  register_tiny("tiny-part");
  static const bool once = [] {
    Preprocess other = tiny_preprocess();
    other.mean = {0.5F, 0.5F, 0.5F};
    other.std = {0.25F, 0.5F, 1};
    other.crop = 14;
    register_model({.name = "tiny-scaled",
                    .preprocess = other,
                    .build = [](const NetworkOptions& options) -> NetworkPtr {
                      return std::make_shared<TinyNetwork>(options.classes);
                    }});
    return true;
  }();
  EXPECT_TRUE(once);
}

Model joined(const std::string& name, const std::vector<std::string>& classes) {
  register_parts();
  torch::manual_seed(4);
  const ModelSpec& spec = find_model(name);
  const NetworkPtr network = spec.build({.classes = static_cast<std::int64_t>(classes.size())});
  network->eval();
  return {spec.name, classes, spec.preprocess, {}, network};
}

// A part of the network with its tensors.
NetworkPtr part_of(const Model& model, const std::string& name, const std::string& number) {
  const NetworkPtr part = find_model(name).build({.classes = 1});
  const torch::NoGradGuard no_gradients;
  for (auto& [tensor, value] : named_tensors(*part)) {
    for (const auto& [from, other] : named_tensors(*model.network)) {
      if (from == number + "." + tensor) value.copy_(other);
    }
  }
  part->eval();
  return part;
}

TEST(Joined, TheHeadReadsTheFeaturesOfAllParts) {
  const Model model = joined("tiny-part+tiny-scaled", {"a", "b", "c"});
  const torch::NoGradGuard no_gradients;
  const torch::Tensor images = torch::randn({2, 3, 16, 16});
  const Preprocess common = find_model("tiny-part").preprocess, own = find_model("tiny-scaled").preprocess;
  torch::Tensor rescaled = torch::empty_like(images);
  for (std::int64_t c = 0; c < 3; ++c) {
    const auto i = static_cast<std::size_t>(c);
    const torch::Tensor pixels = images.select(1, c) * common.std[i] + common.mean[i];
    rescaled.select(1, c).copy_((pixels - own.mean[i]) / own.std[i]);
  }
  const torch::Tensor expected = torch::cat({part_of(model, "tiny-part", "0")->features(images),
                                             part_of(model, "tiny-scaled", "1")->features(rescaled)},
                                            1);
  EXPECT_EQ(expected.size(1), 16);
  EXPECT_TRUE(torch::allclose(model.network->features(images), expected, 1e-5, 1e-6));
  EXPECT_EQ(model.network->forward(images).sizes(), torch::IntArrayRef({2, 3}));
  EXPECT_EQ(model.preprocess.crop, 16) << "of the part with the largest images";
  check_groups(*model.network);
}

TEST(Joined, IsSavedLoadedAndExplainedAsAnyNetwork) {
  const Model model = joined("tiny-part+tiny-scaled", {"a", "b"});
  const TemporaryFolder folder;
  save_model(folder.path() / "m.safetensors", model);
  const Model loaded = load_model(folder.path() / "m.safetensors");
  EXPECT_EQ(loaded.architecture, "tiny-part+tiny-scaled");
  EXPECT_TRUE(loaded.notes.empty()) << loaded.notes.front();
  const torch::NoGradGuard no_gradients;
  const torch::Tensor images = torch::randn({2, 3, 16, 16});
  EXPECT_TRUE(torch::equal(loaded.network->forward(images), model.network->forward(images)));
  const InferenceModel ready = InferenceModel::compile(loaded, torch::kCPU);
  EXPECT_TRUE(torch::allclose(ready.logits(images), model.network->forward(images), 1e-4, 1e-5));
  EXPECT_EQ(grad_cam(ready, images).heat.sizes(), torch::IntArrayRef({2, 16, 16}));
}

TEST(Joined, HasNoHeadsOfItsParts) {
  const NetworkPtr network = find_model("resnet18+mobilenet_v3_small").build({.classes = 2});
  for (const auto& [tensor, value] : named_tensors(*network))
    EXPECT_FALSE(tensor.starts_with("0.fc.") || tensor.starts_with("1.classifier.3")) << tensor;
  EXPECT_EQ(network->head()->weight.size(1), 512 + 1024);
  network->eval();
  const torch::NoGradGuard no_gradients;
  const torch::Tensor images = torch::randn({1, 3, 64, 64});
  EXPECT_TRUE(torch::equal(network->copy_to(torch::kCPU)->forward(images), network->forward(images)));
}

TEST(Joined, RefusesWhatCannotBeJoined) {
  EXPECT_THAT(error_of([] { find_model("resnet18+resnet18"); }), HasSubstr("twice"));
  EXPECT_THAT(error_of([] { find_model("resnet18+"); }), HasSubstr("an empty name"));
  EXPECT_THAT(error_of([] { find_model("resnet18+resnet19"); }), HasSubstr("unknown model"));
  EXPECT_THAT(error_of([] { find_model("resnet18+squeezenet1_0"); }), HasSubstr("no linear head"));
  EXPECT_THAT(error_of([] { find_model("resnet18+vit_b_16"); }), HasSubstr("one grid"));
}

}  // namespace
}  // namespace graft::test
