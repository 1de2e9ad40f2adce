// A small dataset on disk, and the model and recipe of a test.
#pragma once

#include <gtest/gtest.h>

#include "graft/train/trainer.h"
#include "tests/support/picture_set.h"
#include "tests/support/tiny_network.h"

namespace graft::test {

class TinyTraining : public ::testing::Test {
 protected:
  TinyTraining() {
    write_data_set(folder_);
    data_ = open_data_set(folder_.path());
  }
  TrainResult train(Model& model, const TrainEvents& events = {}) const {
    return train_model(model, data_.train, data_.val, recipe_, torch::kCPU, events);
  }

  TemporaryFolder folder_;
  TrainingData data_;
  Recipe recipe_;
};

}  // namespace graft::test
