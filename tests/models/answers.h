// The answers of the reference's networks (tests/golden/models.json), and their comparison with graft's
// networks.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "graft/models/network.h"

namespace graft::test {

const nlohmann::json& models_golden();

// Expects the network's logits for the formula's images within `tolerance` of the answer's, relative to their
// norm.
void expect_answer(Network& network, const nlohmann::json& answer, double tolerance = 1e-4);

// Expects the names and shapes of the reference's state dict, in order.
void expect_state_of(const Network& network, const nlohmann::json& record);

}  // namespace graft::test
