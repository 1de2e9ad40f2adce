// The version of graft, here and nowhere else: CMake reads it from this file. A C program can include it too.
#pragma once

#define GRAFT_VERSION_MAJOR 0
#define GRAFT_VERSION_MINOR 2
#define GRAFT_VERSION_PATCH 0

#define GRAFT_STRING_OF(number) #number
#define GRAFT_VERSION_OF(major, minor, patch) \
  GRAFT_STRING_OF(major) "." GRAFT_STRING_OF(minor) "." GRAFT_STRING_OF(patch)
// "0.2.0"
#define GRAFT_VERSION GRAFT_VERSION_OF(GRAFT_VERSION_MAJOR, GRAFT_VERSION_MINOR, GRAFT_VERSION_PATCH)

#ifdef __cplusplus
namespace graft {

// That of the library that is linked; GRAFT_VERSION is that of the header.
const char* version();

}  // namespace graft
#endif
