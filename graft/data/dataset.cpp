#include "graft/data/dataset.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/image/codec.h"

namespace graft {
namespace {

// A binary PPM, which is lossless.
std::vector<std::uint8_t> encode_ppm(const ImageView& pixels) {
  const std::string header =
      "P6\n" + std::to_string(pixels.width) + " " + std::to_string(pixels.height) + "\n255\n";
  std::vector<std::uint8_t> bytes(header.begin(), header.end());
  const auto row_bytes = static_cast<std::size_t>(pixels.width) * Image::channels;
  for (int y = 0; y < pixels.height; ++y) bytes.insert(bytes.end(), pixels.row(y), pixels.row(y) + row_bytes);
  return bytes;
}

// Any exception of a program's own code makes the sample unreadable.
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

class FolderDataset : public Dataset {
 public:
  explicit FolderDataset(Folder folder) : folder_(std::move(folder)) {}

  std::size_t size() const override { return folder_.samples.size(); }
  std::vector<std::uint8_t> read(std::size_t i) const override { return read_picture(folder_.samples.at(i)); }
  Target target(std::size_t i) const override {
    const std::int64_t label = folder_.samples.at(i).label;
    switch (folder_.kind()) {
      case LabelKind::multi:
        return folder_.class_sets.at(static_cast<std::size_t>(label));
      case LabelKind::number:
        return folder_.numbers.at(static_cast<std::size_t>(label));
      default:
        return label;
    }
  }
  std::string name(std::size_t i) const override { return folder_.samples.at(i).path; }

 private:
  Folder folder_;
};

}  // namespace

void MemoryDataset::add(std::vector<std::uint8_t> encoded, Target target, std::string name) {
  if (name.empty()) name = "sample " + std::to_string(samples_.size());
  samples_.push_back({std::move(encoded), std::move(target), std::move(name)});
}

void MemoryDataset::add(const ImageView& pixels, Target target, std::string name) {
  if (pixels.height < 1 || pixels.width < 1) throw UsageError("own data", "a picture is empty");
  add(encode_ppm(pixels), std::move(target), std::move(name));
}

std::shared_ptr<const Dataset> dataset_of(Folder folder) {
  return std::make_shared<FolderDataset>(std::move(folder));
}

std::vector<std::uint8_t> read_picture(const Sample& sample) {
  if (sample.source != nullptr) return read_own(sample);
  return disk().read(sample.path, max_file_bytes);
}

}  // namespace graft
