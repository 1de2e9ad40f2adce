#include "graft/run/earlier_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/files.h"
#include "graft/run/run.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

TEST(EarlierModel, IsOneWhoseMetricsNoEpochOfTheRunHas) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  const std::map<std::string, std::string> training = {
      {"val_loss", std::to_string(0.25)}, {"val_acc", std::to_string(1.0)}, {"epoch", "2"}};
  EXPECT_FALSE(is_of_earlier_run(run, training));  // not a run
  run.begin("{}");
  EXPECT_TRUE(is_of_earlier_run(run, training));
  EXPECT_FALSE(is_of_earlier_run(run, {}));
  append_history(run.history(), {1, 0.001, 0.5, {{"acc", 0.75}}, 0.25, {{"acc", 0.5}}, 2.5});
  EXPECT_TRUE(is_of_earlier_run(run, training));
  append_history(run.history(), {2, 0.001, 0.5, {{"acc", 0.75}}, 0.25, {{"acc", 1}, {"top5", 1}}, 2.5});
  EXPECT_FALSE(is_of_earlier_run(run, training));
  replace_file(run.history(), "damaged\n");
  EXPECT_FALSE(is_of_earlier_run(run, training));
}

// Another model was copied into the run: it cannot be resumed.
TEST(EarlierModel, OfACompleteRunIsNotReplacedByResumingIt) {
  const test::TemporaryFolder folder;
  const RunFolder run(folder.path());
  run.begin("{}");
  const auto refusal = [&] { return test::error_of([&] { refuse_earlier_model(run, "name it"); }); };
  EXPECT_THAT(refusal(), testing::HasSubstr("resume the run with `resume`"));
  replace_file(run.summary(), "{}\n");
  EXPECT_THAT(refusal(), testing::AllOf(testing::HasSubstr("which is complete; restore "),
                                        testing::Not(testing::HasSubstr("`resume`"))));
}

}  // namespace
}  // namespace graft
