#include "graft/data/dataset.h"

#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/image/decode.h"

namespace graft {
namespace {

constexpr const char* where = "own data";  // in messages, in the place of a folder

// A binary PPM, which keeps every pixel.
std::vector<std::uint8_t> encode_ppm(const ImageView& pixels) {
  const std::string header =
      "P6\n" + std::to_string(pixels.width) + " " + std::to_string(pixels.height) + "\n255\n";
  std::vector<std::uint8_t> bytes(header.begin(), header.end());
  const auto row_bytes = static_cast<std::size_t>(pixels.width) * Image::channels;
  for (int y = 0; y < pixels.height; ++y) bytes.insert(bytes.end(), pixels.row(y), pixels.row(y) + row_bytes);
  return bytes;
}

// Whatever a program's own code throws, the sample is one that cannot be read.
std::vector<std::uint8_t> read_own(const Sample& sample) {
  try {
    return sample.source->read(sample.index);
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    throw Error(sample.path, std::string("cannot be read: ") + error.what());
  } catch (...) {
    throw Error(sample.path, "cannot be read: its Dataset threw an exception of an unknown type");
  }
}

}  // namespace

void MemoryDataset::add(std::vector<std::uint8_t> encoded, std::int64_t target, std::string name) {
  if (name.empty()) name = "sample " + std::to_string(samples_.size());
  samples_.push_back({std::move(encoded), target, std::move(name)});
}

void MemoryDataset::add(const ImageView& pixels, std::int64_t target, std::string name) {
  if (pixels.height < 1 || pixels.width < 1) throw UsageError(where, "a picture is empty");
  add(encode_ppm(pixels), target, std::move(name));
}

Folder folder_of(const std::shared_ptr<const Dataset>& dataset, const std::vector<std::string>& classes) {
  if (dataset == nullptr || dataset->size() == 0) throw Error(where, "has no samples");
  Folder folder{where, classes, {}, {}};
  folder.source = dataset;
  folder.samples.reserve(dataset->size());
  for (std::size_t i = 0; i < dataset->size(); ++i) {
    const std::int64_t target = dataset->target(i);
    if (target < 0 || static_cast<std::size_t>(target) >= classes.size())
      throw Error(dataset->name(i), "is of class " + std::to_string(target) + ", and there are " +
                                        std::to_string(classes.size()) + " classes");
    folder.samples.push_back({dataset->name(i), target, dataset.get(), static_cast<std::uint32_t>(i)});
  }
  return folder;
}

DataSet data_set_of(const std::shared_ptr<const Dataset>& train, const std::shared_ptr<const Dataset>& val,
                    const std::vector<std::string>& classes) {
  if (classes.size() < 2) throw Error(where, "has fewer than two classes", "add another class");
  std::set<std::string> distinct;
  for (const std::string& name : classes) {
    if (!distinct.insert(name).second)
      throw Error(where, "has two classes named \"" + name + "\"", "name each class once");
  }
  DataSet data{folder_of(train, classes), folder_of(val, classes)};
  const auto counts = data.train.count_per_class();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0)
      throw Error(where, "has no training samples of \"" + classes[i] + "\"",
                  "add some, or leave the class out");
  }
  return data;
}

std::vector<std::uint8_t> read_picture(const Sample& sample) {
  if (sample.source != nullptr) return read_own(sample);
  return disk().read(sample.path, max_file_bytes);
}

}  // namespace graft
