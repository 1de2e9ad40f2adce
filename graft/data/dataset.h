// Labelled pictures by number, from wherever a program has them. Folders and tables are read by
// open_data_set() (folder.h); this is for everything else: pictures in memory, in a database, in a camera.
//
//   auto train = std::make_shared<graft::MemoryDataset>(), val = std::make_shared<graft::MemoryDataset>();
//   train->add(pixels, 0, "camera 7, 12:00");
//   graft::TrainRequest request;
//   request.own_data = graft::data_set_of(train, val, {"ants", "bees"});
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/image/image.h"

namespace graft {

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
  // The class of sample i: an index into the class names.
  virtual std::int64_t target(std::size_t i) const = 0;
  // Names sample i in messages and tables: different names for different samples.
  virtual std::string name(std::size_t i) const { return "sample " + std::to_string(i); }
};

// Pictures in memory. add() is for one thread, before the data set is used.
class MemoryDataset : public Dataset {
 public:
  // The bytes of a picture file. An empty name is "sample N".
  void add(std::vector<std::uint8_t> encoded, std::int64_t target, std::string name = "");
  // Pixels, which are copied.
  void add(const ImageView& pixels, std::int64_t target, std::string name = "");

  std::size_t size() const override { return samples_.size(); }
  std::vector<std::uint8_t> read(std::size_t i) const override { return samples_.at(i).encoded; }
  std::int64_t target(std::size_t i) const override { return samples_.at(i).target; }
  std::string name(std::size_t i) const override { return samples_.at(i).name; }

 private:
  struct Entry {
    std::vector<std::uint8_t> encoded;
    std::int64_t target = 0;
    std::string name;
  };
  std::vector<Entry> samples_;
};

// The samples of `dataset`, in its order, as everything in the library takes them; it is kept alive by the
// result. Throws Error for a target that is no class, and where there are no samples.
Folder folder_of(const std::shared_ptr<const Dataset>& dataset, const std::vector<std::string>& classes);

// What a training takes. Throws as folder_of, and Error for fewer than two classes or a class without
// training samples.
DataSet data_set_of(const std::shared_ptr<const Dataset>& train, const std::shared_ptr<const Dataset>& val,
                    const std::vector<std::string>& classes);

// The bytes of a sample's picture: of its Dataset, or of its file. Throws Error.
std::vector<std::uint8_t> read_picture(const Sample& sample);

}  // namespace graft
