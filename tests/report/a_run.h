// A run folder as written by a training run.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "graft/run/run.h"
#include "graft/run/run_tables.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {

// The text of config.json.
std::string config_of(const std::vector<std::string>& classes, const std::string& lr = "0.001");

class RunOnDisk {
 public:
  // Only config.json.
  explicit RunOnDisk(const std::vector<std::string>& classes = {"ant", "bee", "cow"},
                     const std::string& lr = "0.001");

  const TemporaryFolder& folder() const { return folder_; }
  RunFolder run() const { return RunFolder(folder_.path()); }

  void add_epochs(int count) const;
  void add_probe() const;  // before the epochs
  void add_epoch(const EpochRecord& record) const { append_history(run().history(), record); }
  // One correct prediction of each class and one wrong one of the first, for existing pictures.
  void add_predictions(const std::vector<std::string>& classes) const;
  void add_model() const;  // a file that is not empty
  // batch.png and predictions.png.
  void add_sheets() const;

 private:
  TemporaryFolder folder_;
};

// For a run that predicts the number "age" of a picture.
class NumberRunOnDisk : public RunOnDisk {
 public:
  NumberRunOnDisk();

  // The RMSE falls to 2 in the last epoch.
  void add_epochs(int count) const;
  // Pairs of a true and a predicted number, for existing pictures.
  void add_predictions(const std::vector<std::pair<double, double>>& numbers) const;
};

}  // namespace graft::test
