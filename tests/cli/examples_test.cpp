// The examples as a user runs them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/files.h"
#include "graft/run/run.h"
#include "tests/support/program.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

// A custom dataset, network and observer: stopped, resumed, and loaded again by the network's name.
TEST(Examples, CustomTrainsItsOwnNetworkOnItsOwnPictures) {
  const TemporaryFolder folder;
  const RunFolder run(folder.path() / "run");
  const ProgramResult result = run_command({GRAFT_BINARY_DIR "/examples/custom", run.path().string()});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("epoch 2: loss "), HasSubstr("\nresumed\n"),
                                HasSubstr("best accuracy 1.0000"), HasSubstr("predicted down (")));
  EXPECT_TRUE(disk().info(run.report()));
  EXPECT_TRUE(disk().info(run.summary()));
  EXPECT_NE(run_command({GRAFT_BINARY_DIR "/examples/custom", run.path().string()}).exit_code, 0)
      << "the run is replaced";
}

}  // namespace
}  // namespace graft::test
