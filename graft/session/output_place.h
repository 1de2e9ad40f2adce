// Where a picture that a program draws must not go: it would be one of the pictures of a data set from then
// on.
#pragma once

#include <filesystem>
#include <string>

namespace graft {

// Throws UsageError that names `option` where a picture written to `file` would be a picture of `data`, the
// folder of a data set as open_data_set takes it: one in a class folder, or in a new folder beside these.
// A table, and what cannot be opened as a data set, takes up no files.
void check_outside_data(const std::string& option, const std::filesystem::path& file,
                        const std::string& data);

// The same for a folder whose pictures are predicted, all that are in it.
void check_outside_folder(const std::string& option, const std::filesystem::path& file,
                          const std::string& folder);

// The data set of the run that `model` is; empty where it is none, or recorded none.
std::string data_of_run(const std::string& model);

}  // namespace graft
