// The run folder: where a training puts what it made. The only place that names its files
// (docs/formats/run.md).
#pragma once

#include <filesystem>
#include <string>

namespace graft {

class RunFolder {
 public:
  explicit RunFolder(std::filesystem::path path);

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path model() const { return path_ / "model.safetensors"; }
  std::filesystem::path config() const { return path_ / "config.json"; }
  std::filesystem::path summary() const { return path_ / "summary.json"; }
  std::filesystem::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
  std::filesystem::path history() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path batch_picture() const { return path_ / "batch.png"; }
  std::filesystem::path predictions_picture() const { return path_ / "predictions.png"; }

  // Makes the folder and checks that it can be written. The history of a run that was there before is
  // removed; its model stays until this run's first is whole.
  void begin() const;

 private:
  std::filesystem::path path_;
};

// The first of parent/name, parent/name2, parent/name3 … that is not there yet.
std::filesystem::path next_run_folder(const std::filesystem::path& parent, const std::string& name);

}  // namespace graft
