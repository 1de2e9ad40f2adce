#include "graft/core/user_folders.h"

#include <gtest/gtest.h>

#include <cstdlib>

namespace graft {
namespace {

TEST(UserFolders, HomeIsTheVariableElseFromPasswd) {
  EXPECT_EQ(home_folder({"/home/me", "", "/listed"}), "/home/me");
  EXPECT_EQ(home_folder({"", "", "/listed"}), "/listed");
  EXPECT_EQ(home_folder({"", "", ""}), std::nullopt);
}

TEST(UserFolders, TheCacheIsXdgCacheHomeElseInTheHomeFolder) {
  EXPECT_EQ(cache_folder({"/home/me", "/cache", ""}), "/cache");
  EXPECT_EQ(cache_folder({"/home/me", "~/c", ""}), "/home/me/c");
  EXPECT_EQ(cache_folder({"/home/me", "", ""}), "/home/me/.cache");
  EXPECT_EQ(cache_folder({"", "", "/listed"}), "/listed/.cache");
  EXPECT_EQ(cache_folder({"", "/cache", ""}), "/cache");
  EXPECT_EQ(cache_folder({"", "~/c", ""}), std::nullopt);
  EXPECT_EQ(cache_folder({"", "", ""}), std::nullopt);
}

TEST(UserFolders, OnlyALeadingTildeIsExpanded) {
  const UserEnvironment user{"/home/me", "", ""};
  EXPECT_EQ(expand_home("~", user), "/home/me");
  EXPECT_EQ(expand_home("~/a/b", user), "/home/me/a/b");
  EXPECT_EQ(expand_home("~you/a", user), "~you/a");
  EXPECT_EQ(expand_home("/a/~", user), "/a/~");
  EXPECT_EQ(expand_home("", user), "");
  EXPECT_EQ(expand_home("~/a", {}), std::nullopt);
}

TEST(UserFolders, TheEnvironmentIsRead) {
  const char* home = std::getenv("HOME");
  const std::string before = home == nullptr ? "" : home;
  ::setenv("HOME", "/home/me", 1);
  EXPECT_EQ(user_environment().home, "/home/me");
  ::unsetenv("HOME");
  EXPECT_EQ(user_environment().home, "");
  if (home != nullptr) ::setenv("HOME", before.c_str(), 1);
}

}  // namespace
}  // namespace graft
