#include "graft/models/transformers_export.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graft/models/load.h"
#include "tests/models/answers.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

// The file of transformers' network of three classes, and back.
TEST(TransformersExport, HasTheNamesAndShapesOfTransformersFile) {
  for (const auto& [name, golden] : test::hub_golden("transformers").items()) {
    const ModelSpec& spec = find_model(name);
    const NetworkPtr network = spec.build({3, Init::none});
    test::fill_with_formula(*network);
    if (!golden.at("eval").contains("logits")) {  // transformers' classifier reads other features
      EXPECT_THAT(test::error_of([&] { transformers_state(*network, spec); }),
                  HasSubstr(name + ": transformers has no classifier that computes the same"));
      continue;
    }
    const StateDict state = transformers_state(*network, spec);
    std::vector<std::string> lines, expected = golden.at("tensors").get<std::vector<std::string>>();
    for (const NamedTensor& each : state.tensors)
      lines.push_back(test::tensor_line(each.name, each.tensor.shape));
    for (std::string& each : expected) each += '\n';
    std::sort(lines.begin(), lines.end());
    std::sort(expected.begin(), expected.end());
    EXPECT_EQ(lines, expected) << name;

    const NetworkPtr again = spec.build({3, Init::none});
    load_state(*again, spec, state, "model.safetensors");
    const auto from = named_tensors(*network), to = named_tensors(*again);
    for (std::size_t i = 0; i < from.size(); ++i)
      EXPECT_TRUE(from[i].second.equal(to[i].second)) << name << ' ' << from[i].first;
  }
}

TEST(TransformersExport, OtherNetworksAreRefused) {
  for (const char* name : {"mobilenet_v2", "wide_resnet50_2", "vit_base_patch16_clip_224", "swin_v2_t"}) {
    const ModelSpec& spec = find_model(name);
    EXPECT_THAT(test::error_of([&] {
                  transformers_state(*spec.build({2, Init::none}), spec);
                }),
                HasSubstr(std::string(name) + ": transformers has no classifier that computes the same"));
  }
}

}  // namespace
}  // namespace graft
