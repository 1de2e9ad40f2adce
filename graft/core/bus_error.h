// Files that another program shortens while they are mapped into memory.
#pragma once

namespace graft {

// Reading what such a file no longer has raises SIGBUS, which ends the process. From now on it ends with a
// message that names the file, and exit code 1. For programs; a library does not change signals.
void name_shortened_files();

}  // namespace graft
