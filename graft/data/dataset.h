// Labelled pictures by number, from wherever a program has them: memory, a database, a camera. Folders and
// tables are named by their path instead; every request takes either (data_source.h).
//
//   auto train = std::make_shared<graft::MemoryDataset>(), val = std::make_shared<graft::MemoryDataset>();
//   train->add(pixels, 0, "camera 7, 12:00");
//   graft::TrainRequest request{.data = graft::OwnData{.train = train, .val = val, .classes = {"ants",
//   "bees"}}};
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "graft/data/folder.h"
#include "graft/image/image.h"

namespace graft {

// Indices of classes, in any order. Empty: the picture shows none of them.
using ClassSet = std::vector<std::int64_t>;

// What is to be learned of a picture: its class (an index), the set of its classes, or a number. All samples
// of a data set have targets of one kind (LabelKind: single, multi, number), which a training follows.
using Target = std::variant<std::int64_t, ClassSet, double>;

// Any number of threads call the methods at once.
class Dataset {
 public:
  Dataset() = default;
  virtual ~Dataset() = default;
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;

  virtual std::size_t size() const = 0;
  // The bytes of sample i as a picture file has them (JPEG, PNG, PPM, …: decode.h). Whatever it
  // throws makes the sample one that cannot be read.
  virtual std::vector<std::uint8_t> read(std::size_t i) const = 0;
  // Classes are indices into OwnData::classes. Asked for once a sample, when the data are opened.
  virtual Target target(std::size_t i) const = 0;
  // Names sample i in messages and tables: different names for different samples.
  virtual std::string name(std::size_t i) const { return "sample " + std::to_string(i); }
};

// Pictures in memory. add() is for one thread, before the data set is used.
class MemoryDataset : public Dataset {
 public:
  // The bytes of a picture file. An empty name is "sample N".
  void add(std::vector<std::uint8_t> encoded, Target target, std::string name = "");
  // Pixels, which are copied.
  void add(const ImageView& pixels, Target target, std::string name = "");

  std::size_t size() const override { return samples_.size(); }
  std::vector<std::uint8_t> read(std::size_t i) const override { return samples_.at(i).encoded; }
  Target target(std::size_t i) const override { return samples_.at(i).target; }
  std::string name(std::size_t i) const override { return samples_.at(i).name; }

 private:
  struct Entry {
    std::vector<std::uint8_t> encoded;
    Target target;
    std::string name;
  };
  std::vector<Entry> samples_;
};

// The samples of a folder or a table, for a program that chooses among them or joins them with its own. Names
// are paths; targets are indices of folder.classes, sets of these, or numbers.
std::shared_ptr<const Dataset> dataset_of(Folder folder);

// The bytes of a sample's picture: of its Dataset, or of its file. Throws Error.
std::vector<std::uint8_t> read_picture(const Sample& sample);

}  // namespace graft
