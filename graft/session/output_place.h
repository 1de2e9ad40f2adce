// Checks that an output does not change a dataset.
#pragma once

#include <filesystem>
#include <string>

namespace graft {

// Throws UsageError that names `option` if a picture written to `file` would become a picture of `data`, the
// folder of a dataset as for open_data_set(): in a class folder, or in a new folder beside these. Accepts
// every file for a table and for data that cannot be opened as a dataset.
void check_outside_data(const std::string& option, const std::filesystem::path& file,
                        const std::string& data);

// Throws UsageError that names `option` if a file written to `file` needs a new folder that would be read as
// a class of `data`, or beside the only folder that contains the dataset. Accepts every file for a table and
// for data that cannot be opened as a dataset.
void check_no_new_class(const std::string& option, const std::filesystem::path& file,
                        const std::string& data);

// check_outside_data() for a folder of pictures to predict.
void check_outside_folder(const std::string& option, const std::filesystem::path& file,
                          const std::string& folder);

// The dataset of the run `model`; empty if it is not a run or recorded no dataset.
std::string data_of_run(const std::string& model);

}  // namespace graft
