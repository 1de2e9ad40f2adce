// Labelled pictures by index, from any source in a program: memory, a database, a camera. Folders and tables
// are given by their path instead; every request accepts either (DataSource in folder.h).
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

// Indices of classes, in any order. Empty: none of the classes.
using ClassSet = std::vector<std::int64_t>;

// The target of a picture: its class (an index), the set of its classes, or a number. All samples of a
// dataset have targets of one kind (LabelKind: single, multi, number), which selects the task.
using Target = std::variant<std::int64_t, ClassSet, double>;

// Methods must be thread-safe.
class Dataset {
 public:
  Dataset() = default;
  virtual ~Dataset() = default;
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;

  virtual std::size_t size() const = 0;
  // The bytes of sample i as an image file (JPEG, PNG, PPM, …: codec.h). An exception makes the sample
  // unreadable.
  virtual std::vector<std::uint8_t> read(std::size_t i) const = 0;
  // Classes are indices into OwnData::classes. Called once per sample, when the data is opened.
  virtual Target target(std::size_t i) const = 0;
  // Names sample i in messages and tables: must be unique.
  virtual std::string name(std::size_t i) const { return "sample " + std::to_string(i); }
};

// Pictures in memory. Call add() from one thread, before the dataset is used.
class MemoryDataset : public Dataset {
 public:
  // The bytes of an image file. An empty name becomes "sample N".
  void add(std::vector<std::uint8_t> encoded, Target target, std::string name = "");
  // Pixels; copied.
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

// The samples of a folder or a table, for a program that selects among them or adds its own. Names are paths;
// targets are indices of folder.classes, sets of them, or numbers.
std::shared_ptr<const Dataset> dataset_of(Folder folder);

// The bytes of a sample's picture, from its Dataset or its file. Throws Error.
std::vector<std::uint8_t> read_picture(const Sample& sample);

}  // namespace graft
