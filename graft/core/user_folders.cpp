#include "graft/core/user_folders.h"

#include <pwd.h>
#include <unistd.h>

#include <cstdlib>
#include <vector>

namespace graft {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string home_in_user_list() {
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(16384);
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &found) != 0) return "";
  return found == nullptr || found->pw_dir == nullptr ? "" : found->pw_dir;
}

}  // namespace

UserEnvironment user_environment() {
  UserEnvironment user{variable("HOME"), variable("XDG_CACHE_HOME"), ""};
  if (user.home.empty()) user.listed_home = home_in_user_list();
  return user;
}

std::optional<fs::path> home_folder(const UserEnvironment& user) {
  if (!user.home.empty()) return user.home;
  if (!user.listed_home.empty()) return user.listed_home;
  return std::nullopt;
}

std::optional<fs::path> expand_home(const std::string& path, const UserEnvironment& user) {
  const bool is_home = path == "~";
  if (!is_home && !path.starts_with("~/")) return path;
  const auto home = home_folder(user);
  if (!home) return std::nullopt;
  return is_home ? *home : *home / path.substr(2);
}

std::optional<fs::path> cache_folder(const UserEnvironment& user) {
  if (!user.cache.empty()) return expand_home(user.cache, user);
  const auto home = home_folder(user);
  if (!home) return std::nullopt;
  return *home / ".cache";
}

}  // namespace graft
