// The folders of the user who runs the program.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace graft {

// The settings that locate them; empty if not set.
struct UserEnvironment {
  std::string home;         // the variable HOME
  std::string cache;        // the variable XDG_CACHE_HOME
  std::string listed_home;  // the home folder in /etc/passwd
};
UserEnvironment user_environment();

// HOME, else the home folder in /etc/passwd, as Python's os.path.expanduser. Nothing if both are missing: a
// container may run with a user id that is not in /etc/passwd.
std::optional<std::filesystem::path> home_folder(const UserEnvironment& user = user_environment());

// XDG_CACHE_HOME, else .cache in the home folder. Nothing if both are missing.
std::optional<std::filesystem::path> cache_folder(const UserEnvironment& user = user_environment());

// `path` with a leading "~" or "~/" replaced by the home folder. Nothing if it has one and there is no home
// folder.
std::optional<std::filesystem::path> expand_home(const std::string& path,
                                                 const UserEnvironment& user = user_environment());

}  // namespace graft
