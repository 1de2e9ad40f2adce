// The random initial values of the families, whose distributions the goldens do not show, and timm's files
// for the families whose networks compute the same there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "graft/models/load.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

enum class Distribution { normal, uniform };

// The values of a layer: normal or uniform, around 0, with this deviation. 0: all are 0.
struct InitialValues {
  const char* name;
  Distribution distribution;
  double deviation;
};

void expect_values(const torch::Tensor& values, const InitialValues& expected, const std::string& what) {
  const double largest = values.abs().max().item<double>(), deviation = expected.deviation;
  if (deviation == 0) {
    EXPECT_EQ(largest, 0) << what;
    return;
  }
  EXPECT_NEAR(values.std().item<double>(), deviation, 0.1 * deviation) << what;
  if (expected.distribution == Distribution::uniform)
    EXPECT_LE(largest, 1.00001 * deviation * std::sqrt(3.0)) << what;
  else
    EXPECT_GT(largest, 2.2 * deviation) << what;
}

void expect_initial_values(const char* model, const std::vector<InitialValues>& expected) {
  torch::manual_seed(1);
  const NetworkPtr network = find_model(model).build({50, Init::random});
  const auto parameters = network->named_parameters();
  for (const InitialValues& each : expected)
    expect_values(parameters[each.name], each, std::string(model) + " " + each.name);
  for (const auto& item : parameters) {
    EXPECT_TRUE(item.value().isfinite().all().item<bool>()) << item.key();
    const bool of_norm = item.value().dim() == 1 && item.key().ends_with("weight");
    EXPECT_TRUE(!of_norm || item.value().eq(1).all().item<bool>()) << item.key();
  }
}

double by_fan_out(double fan_out) { return std::sqrt(2 / fan_out); }
double by_fan_in(double fan_in) { return 1 / std::sqrt(3 * fan_in); }

TEST(Initialisation, IsThatOfTorchvision) {
  using enum Distribution;
  expect_initial_values("mobilenet_v2", {{"features.0.0.weight", normal, by_fan_out(32 * 9)},
                                         {"features.18.0.weight", normal, by_fan_out(1280)},
                                         {"classifier.1.weight", normal, 0.01},
                                         {"classifier.1.bias", normal, 0}});
  expect_initial_values("mobilenet_v3_small", {{"features.4.block.1.0.weight", normal, by_fan_out(96 * 25)},
                                               {"features.4.block.2.fc1.weight", normal, by_fan_out(24)},
                                               {"features.4.block.2.fc1.bias", normal, 0},
                                               {"classifier.0.weight", normal, 0.01},
                                               {"classifier.0.bias", normal, 0},
                                               {"classifier.3.weight", normal, 0.01},
                                               {"classifier.3.bias", normal, 0}});
  expect_initial_values("mnasnet0_5", {{"layers.14.weight", normal, by_fan_out(1280)},
                                       {"classifier.1.weight", uniform, 1 / std::sqrt(50.0)},
                                       {"classifier.1.bias", uniform, 0}});
  expect_initial_values("shufflenet_v2_x0_5", {{"conv5.0.weight", uniform, by_fan_in(192)},
                                               {"stage4.0.branch1.0.weight", uniform, by_fan_in(9)},
                                               {"fc.weight", uniform, by_fan_in(1024)},
                                               {"fc.bias", uniform, by_fan_in(1024)}});
  expect_initial_values("efficientnet_b0", {{"features.8.0.weight", normal, by_fan_out(1280)},
                                            {"features.7.0.block.2.fc2.weight", normal, by_fan_out(1152)},
                                            {"features.7.0.block.2.fc2.bias", normal, 0},
                                            {"classifier.1.weight", uniform, 1 / std::sqrt(3 * 50.0)},
                                            {"classifier.1.bias", uniform, 0}});
  expect_initial_values("regnet_y_400mf",
                        {{"trunk_output.block4.block4-0.f.b.0.weight", normal, by_fan_out(440 * 9)},
                         {"trunk_output.block4.block4-0.f.se.fc2.weight", normal, by_fan_out(440)},
                         {"trunk_output.block4.block4-0.f.se.fc2.bias", uniform, by_fan_in(52)},
                         {"fc.weight", normal, 0.01},
                         {"fc.bias", normal, 0}});
}

TEST(Initialisation, IsThatOfTimm) {
  using enum Distribution;
  expect_initial_values("tf_efficientnet_b0",
                        {{"blocks.1.0.conv_dw.weight", normal, by_fan_out(9)},  // of one group
                         {"blocks.5.0.se.conv_expand.weight", normal, by_fan_out(672)},
                         {"blocks.5.0.se.conv_expand.bias", normal, 0},
                         {"classifier.weight", uniform, 1 / std::sqrt(3 * 50.0)},
                         {"classifier.bias", uniform, 0}});
  expect_initial_values("mobilenetv3_small_100", {{"conv_head.weight", normal, by_fan_out(1024)},
                                                  {"conv_head.bias", normal, 0},
                                                  {"classifier.weight", uniform, 1 / std::sqrt(3 * 50.0)}});
}

// The network's tensors under timm's names.
StateDict timm_state(const Network& network, const ModelSpec& spec) {
  std::map<std::string, std::string> theirs;
  for (const auto& [their, our] : spec.other_names) theirs[our] = their;
  StateDict state = state_of(network);
  std::erase_if(state.tensors,
                [](const NamedTensor& each) { return each.name.ends_with("relative_position_index"); });
  for (NamedTensor& each : state.tensors) {
    const std::size_t dot = each.name.rfind('.');
    std::string leaf = each.name.substr(dot);
    if (leaf == ".layer_scale") {
      leaf = ".gamma";
      each.tensor.shape.resize(1);
    }
    each.name = theirs.at(each.name.substr(0, dot)) + leaf;
  }
  return state;
}

TEST(TimmNames, AreRead) {
  const std::map<std::string, std::string> stated = {{"mobilenet_v2", "mobilenetv2_100.ra_in1k"},
                                                     {"mnasnet0_5", "mnasnet_050"},
                                                     {"convnext_tiny", "convnext_tiny.in12k_ft_in1k"},
                                                     {"swin_t", "swin_tiny_patch4_window7_224.ms_in1k"},
                                                     {"efficientnet_b0", "timm/efficientnet_b0.ra_in1k"},
                                                     {"regnet_x_400mf", "regnetx_004_tv.tv2_in1k"},
                                                     {"regnet_y_400mf", "regnety_004"}};
  for (const auto& [model, arch] : stated) {
    const ModelSpec& spec = find_model(model);
    const NetworkPtr source = spec.build({7, Init::none}), target = spec.build({7, Init::none});
    fill_with_formula(*source);
    StateDict state = timm_state(*source, spec);
    state.metadata = {{"arch", arch}};
    const LoadReport report = load_state(*target, spec, state, "timm.pth");
    EXPECT_TRUE(report.renamed && report.notes.empty() && !report.head_replaced) << model;
    const auto wanted = named_tensors(*source), found = named_tensors(*target);
    for (std::size_t i = 0; i < wanted.size(); ++i)
      EXPECT_TRUE(wanted[i].second.equal(found[i].second)) << model << " " << wanted[i].first;
  }
}

TEST(TimmNames, OfNetworksThatComputeDifferentlyAreRefused) {
  const ModelSpec& spec = find_model("efficientnet_b0");
  const NetworkPtr network = spec.build({7, Init::none});
  fill_with_formula(*network);
  StateDict state = timm_state(*network, spec);
  for (const char* arch : {"tf_efficientnet_b0_ap", "efficientnet_blur_b0"}) {
    state.metadata = {{"arch", arch}};
    EXPECT_THAT(error_of([&] { load_state(*network, spec, state, "timm.pth"); }),
                testing::HasSubstr("which has the tensors of efficientnet_b0 but computes differently"));
  }
  // torchvision has a network of nearly that name
  const ModelSpec& v2 = find_model("tf_efficientnetv2_s");
  const NetworkPtr of_v2 = v2.build({7, Init::none});
  fill_with_formula(*of_v2);
  StateDict v2_state = state_of(*of_v2);
  v2_state.metadata = {{"arch", "efficientnetv2_s"}};
  EXPECT_THAT(error_of([&] { load_state(*of_v2, v2, v2_state, "timm.pth"); }),
              testing::HasSubstr("which has the tensors of tf_efficientnetv2_s but computes differently"));
}

}  // namespace
}  // namespace graft::test
