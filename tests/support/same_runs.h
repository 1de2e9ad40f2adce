// Compares the results of two runs.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>

#include "graft/run/run.h"
#include "graft/weights/state_dict.h"

namespace graft::test {

// Expects that all weights of the models are equal bit for bit, and so are the losses of every epoch.
inline void expect_same_runs(const RunFolder& ours, const RunFolder& theirs) {
  const StateDict a = read_weights(ours.model()), b = read_weights(theirs.model());
  ASSERT_EQ(a.tensors.size(), b.tensors.size());
  for (std::size_t i = 0; i < a.tensors.size(); ++i) {
    const auto x = a.tensors[i].tensor.bytes, y = b.tensors[i].tensor.bytes;
    ASSERT_TRUE(std::equal(x.begin(), x.end(), y.begin(), y.end())) << a.tensors[i].name;
  }
  const auto history = read_history(ours.history()), expected = read_history(theirs.history());
  ASSERT_EQ(history.size(), expected.size());
  for (std::size_t i = 0; i < history.size(); ++i) {
    EXPECT_EQ(history[i].train_loss, expected[i].train_loss);
    EXPECT_EQ(history[i].val_loss, expected[i].val_loss);
  }
}

}  // namespace graft::test
