// Compares every network of the registry with the reference, with parameters from the formula.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>

#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/models/answers.h"
#include "tests/support/formula.h"
#include "tests/support/test_data.h"

namespace graft::test {
namespace {

class Networks : public testing::TestWithParam<std::string> {};

TEST_P(Networks, EqualTheReference) {
  const ModelSpec& spec = find_model(GetParam());
  const nlohmann::json& record = model_golden(spec.name);
  NetworkPtr network = spec.build({1000, Init::none});
  expect_state_of(*network, record);
  if (record.contains("timm")) expect_timm_names(*network, spec, record.at("timm"));
  EXPECT_EQ(count_parameters(*network), spec.parameters);
  EXPECT_EQ(spec.parameters, record.at("parameters").get<std::int64_t>());
  check_groups(*network);
  // One of each kind has a training step.
  const bool is_large = spec.parameters > 12'000'000 && !record.contains("step");
  if (is_large && std::getenv("GRAFT_LARGE_NETWORKS") == nullptr)
    GTEST_SKIP() << "a large network, whose values `make test-long` compares";
  fill_with_formula(*network);
  network->eval();
  expect_answer(*network, record.at("eval"));
  if (record.contains("other")) {
    const int size = record.at("other").at("input")[2];
    network.reset();  // the largest has 2.5 GiB
    network = spec.build({1000, Init::none, size});
    fill_with_formula(*network);
    network->eval();
    expect_answer(*network, record.at("other"));
  }
  if (!record.contains("step")) return;
  expect_step(*network, record.at("step"));
  network->eval();
  expect_answer(*network, record.at("after"));
  // As for prediction.
  const auto shape = record.at("after").at("input").get<std::vector<std::int64_t>>();
  prepare_for_inference(*network, Precision::fp32,
                        formula_tensor("images", shape).contiguous(torch::MemoryFormat::ChannelsLast));
  expect_answer(*network, record.at("after"));
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const ModelSpec& spec : model_registry()) names.push_back(spec.name);
  return names;
}

// Without the networks that tests of the same program register later.
const std::vector<std::string> names_of_registry = all_names();

INSTANTIATE_TEST_SUITE_P(All, Networks, testing::ValuesIn(names_of_registry),
                         [](const auto& each) { return each.param; });

TEST(NetworksGolden, HasExactlyTheModelsOfTheRegistryAndAStepForEachFamily) {
  std::set<std::string> in_goldens, in_registry;
  for (const auto& file : std::filesystem::directory_iterator(golden("models"))) {
    bool has_step = false;
    for (const auto& [name, record] : family_golden(file.path().stem()).at("models").items()) {
      in_goldens.insert(name);
      has_step = has_step || record.contains("step");
    }
    EXPECT_TRUE(has_step) << file.path();
  }
  in_registry.insert(names_of_registry.begin(), names_of_registry.end());
  EXPECT_EQ(in_goldens, in_registry);
}

}  // namespace
}  // namespace graft::test
