// The answers of the reference's networks (tests/golden/models/FAMILY.json, written by
// tools/goldens/models.py), and their comparison with graft's networks.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "graft/models/network.h"
#include "graft/models/registry.h"

namespace graft::test {

const nlohmann::json& family_golden(const std::string& family);
// tests/golden/hub/NAME.json
const nlohmann::json& hub_golden(const std::string& name);
// The record of one model.
const nlohmann::json& model_golden(const std::string& model);

// Expects the network's logits and its inputs of the last layer for the formula's images within `tolerance`
// of the answer's, relative to their norm.
void expect_answer(Network& network, const nlohmann::json& answer, double tolerance = 1e-4);

// Expects loss, gradient and logits of a training step, in train mode without random dropping, within 1e-3 or
// the "tolerance" of the step.
void expect_step(Network& network, const nlohmann::json& step);

// "name:2x3", a line of the texts whose hashes the goldens have.
std::string tensor_line(const std::string& name, const std::vector<std::int64_t>& shape);
std::string hash_of(const std::string& text);

// Expects the names and shapes of the reference's state dict, in order.
void expect_state_of(const Network& network, const nlohmann::json& record);

// Expects the name in timm and timm's names of all layers, for a network that timm has too.
void expect_timm_names(const Network& network, const ModelSpec& spec, const nlohmann::json& timm);

}  // namespace graft::test
