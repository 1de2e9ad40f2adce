// Lists the pictures below a folder, for folders of classes and for `graft predict FOLDER`.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graft/data/folder.h"

namespace graft {

// Whether a name begins with a dot (.git, .ipynb_checkpoints, and the "._x.jpg" that macOS puts into
// archives, below the folder __MACOSX), or is that of a folder which a system adds to those of the user:
// __MACOSX; @eaDir, which holds thumbnails, on Synology's devices; and the bins #recycle (Synology), @Recycle
// (QNAP) and $RECYCLE.BIN (Windows).
bool is_hidden(const std::string& name);
// Whether the path is a folder or a link to one.
bool is_folder(const std::filesystem::path& path);

// The pictures below root/NAME in torchvision's order (sorted(os.walk(…))): folders in byte order of their
// whole paths, and in each folder the pictures in byte order of their names. So "ants/z.jpg" precedes
// "ants/a/b.jpg", and the pictures of "ants/a-b/" precede those of "ants/a/c/".
//
// Follows symbolic links, except to a folder that contains the link, which would never end. A picture is a
// regular file with a picture's ending; neither it nor a folder between it and `root` is hidden. Counts in
// `ignored` other files that are not hidden, and any other file with a picture's ending (hidden ones, pipes,
// broken links). A run folder is not entered and is added to `ignored.runs`. Appends the counted files to
// `files`.
std::vector<std::string> walk_pictures(const std::string& root, const std::string& name, Ignored& ignored,
                                       std::vector<std::string>* files = nullptr);
// The same below `root` itself, including files that have a picture's ending but are not regular files and
// cannot be read; and the pictures of run folders, or without those of run folders below `root`.
enum class Runs { enter, leave_out };
std::vector<std::string> walk_pictures(const std::string& root, Ignored& ignored, Runs runs);

// The files that list_folder() counts as ignored, in byte order of their paths. Walks the folder again.
std::vector<std::string> list_ignored(const std::filesystem::path& root,
                                      const std::vector<std::string>& classes);
// Why such a file is ignored: "hidden", "not a picture by its name", …
std::string why_ignored(const std::filesystem::path& file, const std::filesystem::path& root);
// "pictures: 3 files are ignored (pictures/notes.txt: not a picture by its name; …)"; empty for none.
std::string ignored_words(const Folder& folder);

}  // namespace graft
