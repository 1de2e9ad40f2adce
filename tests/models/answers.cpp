#include "tests/models/answers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

#include "graft/core/text.h"
#include "graft/models/load.h"
#include "tests/support/formula.h"
#include "tests/support/test_data.h"

namespace graft::test {

const nlohmann::json& models_golden() {
  static const nlohmann::json golden_file = [] {
    std::ifstream file(golden("models.json"));
    return nlohmann::json::parse(file);
  }();
  return golden_file;
}

void expect_answer(Network& network, const nlohmann::json& answer, double tolerance) {
  const torch::NoGradGuard no_gradients;
  const auto shape = answer.at("input").get<std::vector<std::int64_t>>();
  const torch::Tensor logits = network.forward(formula_tensor("images", shape));
  const double norm = answer.at("norm").get<double>();
  EXPECT_NEAR(logits.to(torch::kFloat64).norm().item<double>(), norm, tolerance * norm);
  const double typical = norm / std::sqrt(static_cast<double>(logits.numel()));
  const auto rows = answer.at("logits").get<std::vector<std::vector<double>>>();
  for (const auto& [row, image] : {std::pair{0, std::int64_t{0}}, std::pair{1, shape[0] - 1}}) {
    for (std::int64_t i = 0; i < 10; ++i) {
      const double expected = rows[static_cast<std::size_t>(row)][static_cast<std::size_t>(i)];
      EXPECT_NEAR(logits[image][i].item<double>(), expected,
                  tolerance * std::max(std::abs(expected), typical))
          << "logit " << i << " of image " << image;
    }
  }
}

void expect_state_of(const Network& network, const nlohmann::json& record) {
  std::string lines;
  const auto tensors = named_tensors(network);
  for (const auto& [name, tensor] : tensors) {
    std::vector<std::string> sizes;
    for (const std::int64_t size : tensor.sizes()) sizes.push_back(std::to_string(size));
    lines += name + ":" + join(sizes, "x") + "\n";
  }
  char hash[17];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(fnv1a(lines)));
  EXPECT_EQ(tensors.size(), record.at("tensors").get<std::size_t>());
  EXPECT_EQ(hash, record.at("state_hash").get<std::string>()) << lines;
}

}  // namespace graft::test
