#include "tests/models/answers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

#include "graft/core/text.h"
#include "graft/models/layers.h"
#include "graft/models/load.h"
#include "graft/models/pretrained.h"
#include "tests/support/formula.h"
#include "tests/support/test_data.h"

namespace graft::test {

namespace {

// The first values of the last image's row, and the norm of all rows.
void expect_rows(const torch::Tensor& rows, const nlohmann::json& first, double norm, double tolerance,
                 const char* what) {
  EXPECT_NEAR(rows.to(torch::kFloat64).norm().item<double>(), norm, tolerance * norm) << what;
  const double typical = norm / std::sqrt(static_cast<double>(rows.numel()));
  std::int64_t column = 0;
  for (const double expected : first) {
    EXPECT_NEAR(rows[-1][column].item<double>(), expected, tolerance * std::max(std::abs(expected), typical))
        << what << " " << column;
    ++column;
  }
}

torch::Tensor images_for(const nlohmann::json& answer) {
  return formula_tensor("images", answer.at("input").get<std::vector<std::int64_t>>());
}

const nlohmann::json& parsed(const std::string& path) {
  static std::map<std::string, nlohmann::json> files;
  const auto found = files.find(path);
  if (found != files.end()) return found->second;
  std::ifstream file(golden(path.c_str()));
  return files[path] = nlohmann::json::parse(file);
}

}  // namespace

const nlohmann::json& family_golden(const std::string& family) {
  return parsed("models/" + family + ".json");
}
const nlohmann::json& hub_golden(const std::string& name) { return parsed("hub/" + name + ".json"); }

const nlohmann::json& model_golden(const std::string& model) {
  const std::string family = find_model(model).family;
  const nlohmann::json& models = family_golden(family).at("models");
  return models.contains(model) ? models.at(model) : family_golden("timm_" + family).at("models").at(model);
}

void expect_answer(Network& network, const nlohmann::json& answer, double tolerance) {
  const torch::NoGradGuard no_gradients;
  const torch::Tensor features = network.features(images_for(answer));
  expect_rows(features.flatten(1), answer.at("features"), answer.at("features_norm"), tolerance, "feature");
  expect_rows(network.classify(features), answer.at("logits"), answer.at("norm"), tolerance, "logit");
}

void expect_step(Network& network, const nlohmann::json& step) {
  const double tolerance = step.value("tolerance", 1e-3);
  for (const auto& module : network.modules()) {
    if (auto* drop = module->as<DropPathImpl>()) drop->set_rate(0);
    if (auto* drop = module->as<torch::nn::DropoutImpl>()) drop->options.p(0);
  }
  network.train();
  const torch::Tensor features = network.features(images_for(step));
  // Without the dropout before the head.
  network.eval();
  const torch::Tensor logits = network.classify(features);
  const auto labels = torch::tensor(step.at("labels").get<std::vector<std::int64_t>>());
  const torch::Tensor loss = torch::cross_entropy_loss(logits, labels);
  loss.backward();
  double squares = 0;
  for (const auto& item : network.named_parameters()) {
    ASSERT_TRUE(item.value().grad().defined()) << item.key();
    squares += std::pow(item.value().grad().to(torch::kFloat64).norm().item<double>(), 2);
  }
  const double norm = step.at("gradient_norm").get<double>(), expected_loss = step.at("loss").get<double>();
  EXPECT_NEAR(loss.item<double>(), expected_loss, tolerance * std::abs(expected_loss));
  EXPECT_NEAR(std::sqrt(squares), norm, tolerance * norm);
  expect_rows(logits.detach(), step.at("logits"), step.at("norm"), tolerance, "logit in train mode");
}

std::string hash_of(const std::string& text) {
  char hash[17];
  std::snprintf(hash, sizeof hash, "%016llx", static_cast<unsigned long long>(fnv1a(text)));
  return hash;
}

std::string tensor_line(const std::string& name, const std::vector<std::int64_t>& shape) {
  std::vector<std::string> sizes;
  for (const std::int64_t size : shape) sizes.push_back(std::to_string(size));
  return name + ":" + join(sizes, "x") + "\n";
}

void expect_state_of(const Network& network, const nlohmann::json& record) {
  std::string lines;
  const auto tensors = named_tensors(network);
  for (const auto& [name, tensor] : tensors) lines += tensor_line(name, tensor.sizes().vec());
  EXPECT_EQ(tensors.size(), record.at("tensors").get<std::size_t>());
  EXPECT_EQ(hash_of(lines), record.at("state_hash").get<std::string>()) << lines;
}

void expect_timm_names(const Network& network, const ModelSpec& spec, const nlohmann::json& timm) {
  ASSERT_NE(network_in_timm(spec), nullptr);
  EXPECT_EQ(*network_in_timm(spec), timm.at("name").get<std::string>());
  if (!timm.contains("layers_hash")) return;  // the same names
  std::map<std::string, std::string> theirs;
  for (const auto& [their, our] : spec.other_names) theirs[our] = their;
  std::string lines, last;
  for (const auto& [name, tensor] : named_tensors(network)) {
    const std::string layer = name.substr(0, name.rfind('.'));
    const auto their = theirs.find(layer);
    if (layer != last) lines += (their == theirs.end() ? layer : their->second) + "=" + layer + "\n";
    last = layer;
  }
  EXPECT_EQ(hash_of(lines), timm.at("layers_hash").get<std::string>()) << lines;
}

}  // namespace graft::test
