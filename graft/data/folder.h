// A folder of class folders: torchvision.datasets.ImageFolder, with classes bound by name.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "graft/core/option.h"

namespace graft {

struct Sample {
  std::string path;
  std::int64_t label = 0;  // index into the classes
};

struct Folder {
  std::filesystem::path root;
  std::vector<std::string> classes;  // in byte order of their names
  std::vector<Sample> samples;       // by class, then by path in byte order, as torchvision lists them
  std::int64_t ignored = 0;          // files whose ending is not that of a picture

  std::vector<std::int64_t> count_per_class() const;
};

// Whether the name ends as torchvision's IMG_EXTENSIONS: .jpg .jpeg .png .ppm .bmp .pgm .tif .tiff .webp, any case.
bool has_image_extension(const std::string& name);

// The classes of a folder: names of its sub-folders (links to folders too), in byte order.
std::vector<std::string> list_classes(const std::filesystem::path& root);

// Lists the pictures under root/CLASS/** for each of `classes`; links are followed, loops are not. A class whose
// folder is missing has no samples. Throws Error when root is missing.
Folder list_folder(const std::filesystem::path& root, const std::vector<std::string>& classes);

// The pictures under `path` (sub-folders included) in byte order, or `path` itself where it is a file.
std::vector<std::string> list_pictures(const std::filesystem::path& path);

struct DataSet {
  Folder train, val;
  bool split = false;                 // val was split off train by `val_fraction`
  std::vector<std::string> warnings;  // an empty class, a class missing from val/, ignored files …
};

struct DataOptions {
  double val_fraction = 0.2;  // of each class, where the data has no val/
  std::uint64_t split_seed = 0;
};
inline constexpr auto data_options = options_of<DataOptions>(
    option<&DataOptions::val_fraction>(0.001, 0.999, "share of each class kept for validation where there is no val/"),
    option<&DataOptions::split_seed>("decides which pictures these are"));

// Opens a data set for training: `root` holds train/ and val/, or class folders that are split. Classes are those
// of train/. Throws Error: nothing there, one class only, no pictures, a class in val/ that train/ does not have.
DataSet open_data_set(const std::filesystem::path& root, const DataOptions& options = {});

// Opens a folder for evaluation: `root` holds val/, or is itself a folder of class folders. With `classes`
// given, labels follow them by name; a class folder that is not among them is an Error.
Folder open_evaluation_folder(const std::filesystem::path& root, const std::vector<std::string>& classes,
                              std::vector<std::string>& warnings);

}  // namespace graft
