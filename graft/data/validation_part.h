// What folders and tables do alike once their samples are listed. Internal.
#pragma once

#include <string>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

// The classes without a sample, in quotes.
std::vector<std::string> names_of_empty(const Folder& folder);

// Appends a warning that names them; `where` is the folder or table.
void warn_of_empty(const Folder& folder, const std::string& where, std::vector<std::string>& warnings);

// Moves part of data.train into data.val. Throws Error, with `where`, when nothing would be left to validate
// on.
void split_off_validation(DataSet& data, const DataOptions& options, const std::string& where);

}  // namespace graft
