// The folders that belong to the user who runs the program.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace graft {

// What decides where they are. Empty where it is not set.
struct UserEnvironment {
  std::string home;         // the variable HOME
  std::string cache;        // the variable XDG_CACHE_HOME
  std::string listed_home;  // the home folder in the system's list of users (/etc/passwd)
};
UserEnvironment user_environment();

// HOME, else the folder in the list of users, as Python's os.path.expanduser. Nothing where there is neither:
// a container may run with a user number that no list has.
std::optional<std::filesystem::path> home_folder(const UserEnvironment& user = user_environment());

// XDG_CACHE_HOME, else .cache in the home folder. Nothing where there is neither.
std::optional<std::filesystem::path> cache_folder(const UserEnvironment& user = user_environment());

// A path whose "~" or "~/" at the front stands for the home folder. Nothing where it has one and there is no
// home folder.
std::optional<std::filesystem::path> expand_home(const std::string& path,
                                                 const UserEnvironment& user = user_environment());

}  // namespace graft
