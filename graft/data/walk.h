// The pictures below a folder: what ImageFolder and `graft predict FOLDER` are made of.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

// A name that begins with a dot: .git, .ipynb_checkpoints, and the "._x.jpg" that macOS puts into archives,
// below the folder __MACOSX, which counts as well.
bool is_hidden(const std::string& name);
// Whether there is a folder at the path, or at the end of its links.
bool is_folder(const std::filesystem::path& path);

// The pictures below root/NAME in torchvision's order (sorted(os.walk(…))): folders in byte order of their
// whole paths, and in each the pictures in byte order of their names. So "ants/z.jpg" comes before
// "ants/a/b.jpg", and the pictures of "ants/a-b/" before those of "ants/a/c/".
//
// Symbolic links are followed, but not to a folder that holds the link, which would never end. A picture is a
// regular file with a picture's ending; neither it nor a folder between it and `root` is hidden. Counted in
// `ignored`: other files that are not hidden, and whatever else bears a picture's ending (hidden ones, pipes,
// links to nothing). A run folder is not entered, and is among `ignored.runs`.
// `files`: each of the counted ones is added there.
std::vector<std::string> walk_pictures(const std::string& root, const std::string& name, Ignored& ignored,
                                       std::vector<std::string>* files = nullptr);
// The same, below `root` itself, with the pictures of run folders, and with what bears a picture's ending and
// is no regular file, which cannot be read.
std::vector<std::string> walk_pictures(const std::string& root, Ignored& ignored);

// The files that list_folder() counts among the ignored ones, in byte order of their paths. It walks the
// folder anew.
std::vector<std::string> list_ignored(const std::filesystem::path& root,
                                      const std::vector<std::string>& classes);
// Why such a file is ignored: "hidden", "not a picture by its name", …
std::string why_ignored(const std::filesystem::path& file, const std::filesystem::path& root);
// "pictures: 3 files are ignored (pictures/notes.txt: not a picture by its name; …)"; empty for none.
std::string ignored_words(const Folder& folder);

}  // namespace graft
