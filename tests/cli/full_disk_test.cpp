// A real full disk: a file system of a few megabytes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>

#include "graft/core/files.h"
#include "graft/run/run.h"
#include "graft/weights/state_dict.h"
#include "tests/support/picture_set.h"
#include "tests/support/program.h"

namespace graft::test {
namespace {

using ::testing::HasSubstr;

// Mounted during a test; mounting needs root, and not every container allows it.
class SmallDisk {
 public:
  explicit SmallDisk(int megabytes) {
    const std::string size = "size=" + std::to_string(megabytes) + "m";
    mounted_ = ::mount("graft-test", folder_.path().c_str(), "tmpfs", 0, size.c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  TemporaryFolder folder_;
  bool mounted_ = false;
};

class FullDisk : public ::testing::Test {
 protected:
  FullDisk() { write_pictures(pictures_, "", {"blue", "red"}, 5); }
  ProgramResult train(const std::filesystem::path& out) const {
    return run_graft({"train",        "--input-size",
                      "64",           pictures_.path().string(),
                      "--preset",     "finetune",
                      "--out",        out.string(),
                      "--model",      "efficientnet_lite0",
                      "--weights",    "none",
                      "--epochs",     "3",
                      "--batch-size", "8",
                      "--threads",    "1",
                      "--workers",    "1",
                      "--precision",  "fp32"});
  }
  TemporaryFolder pictures_;
};

// With each size the disk is full at another file: model, checkpoint, tables, report.
TEST_F(FullDisk, TrainingEndsWithAMessageAndCompleteFiles) {
  int full = 0;
  for (const int megabytes : {1, 8, 16, 24, 40, 64, 80}) {
    SCOPED_TRACE(std::to_string(megabytes) + " MB");
    const SmallDisk small(megabytes);
    if (!small.mounted()) GTEST_SKIP() << "no permission to mount a file system";
    const RunFolder run(small.path() / "run");
    const auto result = train(run.path());
    if (disk().info(run.model())) {
      EXPECT_GT(read_weights(run.model()).tensors.size(), 100U);
    }
    if (result.exit_code == 0) continue;
    ++full;
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_THAT(result.err, HasSubstr("No space left on device"));
    EXPECT_THAT(result.err, HasSubstr(run.path().string()));
    for (const DirectoryEntry& entry : disk().list(run.path())) EXPECT_FALSE(is_temporary_name(entry.name));
  }
  EXPECT_GE(full, 4);
}

}  // namespace
}  // namespace graft::test
