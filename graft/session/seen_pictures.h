// Pictures of an earlier run, recognised by the bytes of their files: names and folders may change. Internal.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/run/run.h"

namespace graft {

// The data of a run, with its split. Empty if they are a program's own or no longer at their place.
std::optional<TrainingData> parts_of_run(const RunFolder& run);

// Files only: the samples of a Dataset are unknown. A file is read only if a known one has its size.
class SeenPictures {
 public:
  void add(const std::vector<Sample>& samples);
  bool has(const Sample& sample);
  std::size_t count(const std::vector<Sample>& samples);

 private:
  struct SameSize {
    std::vector<std::string> paths;  // not hashed yet
    std::set<std::string> hashes;
  };
  std::map<std::uint64_t, SameSize> by_size_;
};

}  // namespace graft
