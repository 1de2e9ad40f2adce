// Compares every network of the registry with the reference, with parameters from the formula.
#include <gtest/gtest.h>

#include "graft/models/registry.h"
#include "tests/models/answers.h"
#include "tests/support/formula.h"

namespace graft::test {
namespace {

class Networks : public testing::TestWithParam<std::string> {};

TEST_P(Networks, EqualTheReference) {
  const ModelSpec& spec = find_model(GetParam());
  const nlohmann::json& record = models_golden().at("models").at(spec.name);
  const NetworkPtr network = spec.build({1000, Init::none});
  expect_state_of(*network, record);
  std::int64_t parameters = 0;
  for (const torch::Tensor& parameter : network->parameters()) parameters += parameter.numel();
  EXPECT_EQ(parameters, spec.parameters);
  EXPECT_EQ(parameters, record.at("parameters").get<std::int64_t>());
  fill_with_formula(*network);
  network->eval();
  expect_answer(*network, record.at("eval"));
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) names.push_back(spec.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(All, Networks, testing::ValuesIn(all_names()),
                         [](const auto& each) { return each.param; });

TEST(NetworksGolden, HasExactlyTheModelsOfTheRegistry) {
  EXPECT_EQ(models_golden().at("models").size(), model_registry().size());
}

}  // namespace
}  // namespace graft::test
