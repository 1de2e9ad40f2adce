#include "graft/core/run_mark.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(RunMark, IsTheFormatInConfigJson) {
  const test::TemporaryFolder folder;
  folder.write("run/config.json", "{\n  \"format\": \"graft-run\"}");
  folder.write("other/config.json", "{\"format\": \"another\"}");
  folder.write("number/config.json", "{\"format\": 3}");
  folder.write("list/config.json", "[1]");
  folder.write("broken/config.json", "{");
  folder.write("folder/config.json/x", "");
  EXPECT_TRUE(is_run_folder(folder.path() / "run"));
  for (const char* name : {"other", "number", "list", "broken", "folder", "missing"})
    EXPECT_FALSE(is_run_folder(folder.path() / name)) << name;
}

}  // namespace
}  // namespace graft
