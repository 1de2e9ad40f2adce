// What the reference's networks answer (tests/golden/models.json), and how a network here is held against it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "graft/models/network.h"

namespace graft::test {

const nlohmann::json& models_golden();

// The network's logits of the formula's images within `tolerance` of the answer's, relative to their size.
void expect_answer(Network& network, const nlohmann::json& answer, double tolerance = 1e-4);

// Names and shapes of the state dict, in order, are the reference's.
void expect_state_of(const Network& network, const nlohmann::json& record);

}  // namespace graft::test
