#include "graft/report/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "tests/report/a_run.h"
#include "tests/report/browser.h"
#include "tests/support/error_of.h"
#include "tests/support/pass_through_disk.h"
#include "tests/support/test_data.h"

namespace graft {
namespace {

using test::RunOnDisk;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::string> names(const ReportFiles& files) {
  std::vector<std::string> list;
  for (const auto& picture : files.pictures) list.push_back(picture.filename().string());
  return list;
}

TEST(Report, WritesThePageAndTheCharts) {
  const RunOnDisk disk;
  disk.add_epochs(3);
  disk.add_predictions({"ant", "bee", "cow"});
  const ReportFiles files = write_report(disk.run());
  EXPECT_EQ(files.html, disk.folder().path() / "report.html");
  EXPECT_THAT(read_text(files.html), HasSubstr("<!doctype html>"));
  EXPECT_THAT(names(files), ElementsAre("curves.png", "confusion_matrix.png",
                                        "confusion_matrix_normalized.png", "reliability.png"));
  for (const auto& picture : files.pictures) EXPECT_GT(read_image(picture).width(), 400) << picture;
}

TEST(Report, OfNumbersHasAScatterChart) {
  const test::NumberRunOnDisk disk;
  disk.add_epochs(3);
  disk.add_predictions({{1, 2}, {3, 2.5}});
  const ReportFiles files = write_report(disk.run());
  EXPECT_THAT(names(files), ElementsAre("curves.png", "scatter.png"));
  for (const auto& picture : files.pictures) EXPECT_GT(read_image(picture).width(), 400) << picture;
}

TEST(Report, EveryChartOfAComparisonIsInTheListOfNames) {
  const RunOnDisk single;
  const test::NumberRunOnDisk number;
  const test::TemporaryFolder out;
  single.add_epochs(1);
  number.add_epochs(1);
  const ReportFiles files =
      write_comparison({single.run(), number.run()}, {out.path() / "c.html", out.path() / "charts"});
  EXPECT_THAT(names(files), ElementsAre("compare_accuracy.png", "compare_rmse.png", "compare_loss.png"));
  EXPECT_THAT(names(files), ::testing::IsSubsetOf(compared_chart_names()));
}

TEST(Report, IsMadeForARunInProgress) {
  const RunOnDisk disk;
  EXPECT_TRUE(write_report(disk.run()).pictures.empty());
  disk.add_probe();
  EXPECT_TRUE(write_report(disk.run()).pictures.empty());  // no points for a curve
  disk.add_epochs(1);
  EXPECT_THAT(names(write_report(disk.run())), ElementsAre("curves.png"));
}

TEST(Report, IsWrittenToTheGivenPlace) {
  const RunOnDisk disk;
  const test::TemporaryFolder out;
  disk.add_epochs(1);
  const ReportFiles files = write_report(disk.run(), {out.path() / "r.html", out.path() / "charts"});
  EXPECT_EQ(files.html, out.path() / "r.html");
  EXPECT_THAT(files.pictures, ElementsAre(out.path() / "charts" / "curves.png"));
  EXPECT_TRUE(write_report(disk.run(), {{}, {}, false}).pictures.empty());
}

class ReadOnlyRun : public test::PassThroughDisk {
 public:
  explicit ReadOnlyRun(std::filesystem::path run) : run_(std::move(run)) {}
  std::unique_ptr<OutputFile> create(const std::filesystem::path& path) override {
    if (path.parent_path() == run_) throw Error(path.string(), "cannot create: Read-only file system");
    return PassThroughDisk::create(path);
  }

 private:
  std::filesystem::path run_;
};

TEST(Report, OfAReadOnlyRunHasNoChartsThere) {
  const RunOnDisk run;
  const test::TemporaryFolder out;
  run.add_epochs(1);
  ReadOnlyRun read_only(run.folder().path());
  const ScopedDisk scope(read_only);
  const ReportFiles files = write_report(run.run(), {out.path() / "r.html"});
  EXPECT_THAT(read_text(out.path() / "r.html"), HasSubstr("<!doctype html>"));
  EXPECT_TRUE(files.pictures.empty());
  EXPECT_THAT(files.warnings, ElementsAre(HasSubstr("curves.png: cannot create: Read-only file system")));
  EXPECT_THROW(write_report(run.run(), {out.path() / "r.html", run.folder().path()}), Error);
  EXPECT_THROW(write_report(run.run()), Error);
}

TEST(Report, ComparesRuns) {
  const RunOnDisk first, second;
  const test::TemporaryFolder out;
  first.add_epochs(2);
  const ReportFiles files =
      write_comparison({first.run(), second.run()}, {out.path() / "c.html", out.path() / "charts"});
  EXPECT_THAT(names(files), ElementsAre("compare_accuracy.png", "compare_loss.png"));
  EXPECT_THAT(read_text(out.path() / "c.html"), HasSubstr("2 training runs compared"));
  EXPECT_THROW(write_comparison({}), UsageError);
}

TEST(Report, TheBestRunComesFirstOnEveryPage) {
  const RunOnDisk worse, better;
  const test::TemporaryFolder out;
  worse.add_epochs(1);
  better.add_epochs(3);
  const std::vector<RunFolder> runs = {worse.run(), better.run()};
  write_comparison(runs, {out.path() / "c.html"});
  const std::string page = report_page(runs);
  EXPECT_EQ(page, read_text(out.path() / "c.html"));
  EXPECT_LT(page.find(">0.7667<"), page.find(">0.5000<"));  // of their best epochs
  EXPECT_LT(page.find(">0.7667<"), page.size());
}

TEST(Report, IsMadeForARunOfVersion01) {
  const test::TemporaryFolder out;
  for (const char* kind : {"plain", "probe"}) {
    const RunFolder run(test::golden("run_0_1") / kind);
    const ReportFiles files = write_report(run, {out.path() / "r.html", out.path()});
    const std::string page = read_text(files.html);
    EXPECT_THAT(page, HasSubstr("<title>epoch 1"));
    EXPECT_EQ(page.find("epoch 0"), std::string::npos);
    EXPECT_EQ(page.find("the probe and 3 epochs") != std::string::npos, kind == std::string("probe"));
  }
}

TEST(Report, WithoutARunIsAnError) {
  const test::TemporaryFolder folder;
  EXPECT_THAT(test::error_of([&] { write_report(RunFolder(folder.path())); }),
              HasSubstr("config.json: does not exist; give a run folder"));
}

// In a real browser: scripts run, the content security policy holds, and something is drawn.
TEST(ReportInABrowser, HasNoConsoleMessages) {
  const std::string browser = test::find_browser();
  if (browser.empty()) GTEST_SKIP() << test::no_browser;
  const std::vector<std::string> classes = {"<script>alert(1)</script>", "bee's & \"wasps\"", "日本"};
  const RunOnDisk disk(classes);
  disk.add_epochs(5);
  disk.add_predictions(classes);
  disk.add_sheets();
  const test::NumberRunOnDisk numbers;
  numbers.add_epochs(5);
  numbers.add_predictions({{1, 2}, {3, 2.5}});
  const ReportFiles one = write_report(disk.run()), of_numbers = write_report(numbers.run());
  const ReportFiles several =
      write_comparison({disk.run(), numbers.run()}, {disk.folder().path() / "compare.html"});
  for (const auto& page : {one.html, of_numbers.html, several.html}) {
    for (const bool dark : {false, true}) {
      const auto screenshot = disk.folder().path() / "screenshot.png";
      EXPECT_EQ(test::console_of_page(browser, page, screenshot, dark), "");
      const Image image = read_image(screenshot);
      EXPECT_EQ(image.width(), 1200);
      EXPECT_EQ(image.row(2)[0] < 100, dark);  // the page's own colour
    }
  }
}

}  // namespace
}  // namespace graft
