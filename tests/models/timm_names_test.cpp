// Files of timm for the families whose networks compute the same there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "graft/models/load.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

// The network's tensors under timm's names.
StateDict timm_state(const Network& network, const ModelSpec& spec) {
  std::map<std::string, std::string> theirs;
  for (const auto& [their, our] : spec.other_names) theirs[our] = their;
  StateDict state = state_of(network);
  for (NamedTensor& each : state.tensors) {
    const std::size_t dot = each.name.rfind('.');
    each.name = theirs.at(each.name.substr(0, dot)) + each.name.substr(dot);
  }
  return state;
}

TEST(TimmNames, AreRead) {
  const std::map<std::string, std::string> stated = {{"mobilenet_v2", "mobilenetv2_100.ra_in1k"},
                                                     {"mnasnet0_5", "mnasnet_050"},
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
  for (const char* arch :
       {"tf_efficientnet_b0.ns_jft_in1k", "tf_efficientnet_b0_ap", "efficientnet_blur_b0"}) {
    state.metadata = {{"arch", arch}};
    EXPECT_THAT(error_of([&] { load_state(*network, spec, state, "timm.pth"); }),
                testing::HasSubstr("which has the tensors of efficientnet_b0 but computes differently"));
  }
}

}  // namespace
}  // namespace graft::test
