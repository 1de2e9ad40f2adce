// The kind of file or folder at a path, to recognise confused arguments: a picture given as a model, a run
// given as a dataset.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/session/request.h"

namespace graft {

// Determined by names only, without reading the contents.
enum class PathKind {
  nothing,
  run,      // a folder with a run's config.json or model.safetensors
  weights,  // a .safetensors or .pth file
  picture,  // a file with a picture's ending
  other
};
PathKind kind_of(const std::string& path);

// Whether `name` is a network of the registry and no such path exists.
bool is_network_name(const std::string& name);

// Whether `path` is a model file or a run with a model.
bool is_model(const std::string& path);
// The same without a folder that is no run, which may hold pictures beside a model.safetensors.
bool is_model_without_pictures(const std::string& path);

// Throws Error that names the kind of `path` if it is not a model. Reads no contents.
void require_model(const std::string& path);

// Throws Error if `path` is not a run folder.
void require_run(const std::string& path);

// Throws Error with advice if the path is a run, a weights file or a picture.
void require_data(const DataSource& data);

// Reports the files that no output may replace to the observer: every picture of a dataset that
// open_data_set() opens, in all its parts, including unused ones; its table, if any; and `others`.
void tell_files(const DataSource& data, LabelKind labels, const std::vector<std::string>& others,
                const Observer& observer);

}  // namespace graft
