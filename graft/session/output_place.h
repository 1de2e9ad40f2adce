// Checks that an output picture does not become a picture of a dataset.
#pragma once

#include <filesystem>
#include <string>

namespace graft {

// Throws UsageError that names `option` if a picture written to `file` would become a picture of `data`, the
// folder of a dataset as for open_data_set(): in a class folder, or in a new folder beside these. Accepts
// every file for a table and for data that cannot be opened as a dataset.
void check_outside_data(const std::string& option, const std::filesystem::path& file,
                        const std::string& data);

// The same for a folder of pictures to predict.
void check_outside_folder(const std::string& option, const std::filesystem::path& file,
                          const std::string& folder);

// The dataset of the run `model`; empty if it is not a run or recorded no dataset.
std::string data_of_run(const std::string& model);

}  // namespace graft
