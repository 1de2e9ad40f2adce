// What lies at a path, as far as one argument can be taken for another: a picture given for a model, a run
// given for a data set.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"
#include "graft/session/request.h"

namespace graft {

// By name alone: what a file holds is not read.
enum class PathKind {
  nothing,
  run,      // a folder with a run's config.json or model.safetensors
  weights,  // a .safetensors or .pth file
  picture,  // a file with a picture's ending
  other
};
PathKind kind_of(const std::string& path);

// Whether it is a network of the registry, and nothing of that name lies on the disk.
bool is_network_name(const std::string& name);

// Whether a model can be read from it.
bool is_model(const std::string& path);

// Throws Error, before anything is read, where no model can be read from `path`, and says what it is instead.
void require_model(const std::string& path);

// Throws Error where `path` is not the folder of a training.
void require_run(const std::string& path);

// Throws Error where the path is there but is a run, weights or a picture, with what to do instead.
void require_data(const DataSource& data);

// Tells the observer what no output may replace: every picture of a data set that open_data_set opens, of all
// its parts, also of those that are not used; the table where it is one; and `others`.
void tell_files(const DataSource& data, LabelKind labels, const std::vector<std::string>& others,
                const Observer& observer);

}  // namespace graft
