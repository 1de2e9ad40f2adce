#include "graft/session/output_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "graft/core/error.h"
#include "graft/image/codec.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* header = "path,label\n";

class OutputFilesTest : public ::testing::Test {
 protected:
  std::string path(const std::string& name) const { return (folder_.path() / name).string(); }
  // The error of check() for one output.
  std::string problem(const std::string& to, OutputType type, bool overwrite = false,
                      const std::vector<std::string>& reads = {}) const {
    OutputFiles outputs(overwrite);
    outputs.add("out", to, type, {header});
    outputs.reads(reads);
    return error_of([&] { outputs.check(); });
  }

  test::TemporaryFolder folder_;
};

TEST_F(OutputFilesTest, ANewFileIsWrittenWithItsFolders) {
  OutputFiles outputs;
  outputs.add("csv", path("new/a.csv"), OutputType::table, {header});
  outputs.add("grid", "", OutputType::picture);
  outputs.check();
  EXPECT_TRUE(outputs.has("csv"));
  EXPECT_FALSE(outputs.has("grid"));
  EXPECT_EQ(outputs.file("csv"), path("new/a.csv"));
  outputs.write("csv", "x");
  EXPECT_EQ(read_text(path("new/a.csv")), "x");
  EXPECT_THAT(error_of([&] { outputs.write("grid", "x"); }), HasSubstr("`grid`: was not given"));
}

TEST_F(OutputFilesTest, ATableIsReplacedByATableWithTheSameFirstLine) {
  const std::string to = folder_.write("a.csv", "path,name,number\na.jpg,age,3\n").string();
  OutputFiles outputs;
  outputs.add("csv", to, OutputType::table, {header, "path,name,number\n"});
  outputs.check();
  outputs.has_header("csv", "path,name,number\n");
  EXPECT_THAT(error_of([&] { outputs.has_header("csv", header); }),
              HasSubstr("is not a table of the kind that is written"));
  outputs.has_header("grid", header);  // was not added
}

TEST_F(OutputFilesTest, TheObserverRefusesToReplaceWhatAnOperationReads) {
  OutputFiles outputs(true);
  outputs.add("csv", path("labels.csv"), OutputType::table, {header});
  folder_.write("labels.csv", header);
  std::vector<std::string> told;
  const Observer observer =
      outputs.observer({{}, {}, [&](const std::vector<std::string>& files) { told = files; }});
  observer.reads({path("a.jpg")});
  EXPECT_EQ(told, std::vector<std::string>{path("a.jpg")});
  EXPECT_THAT(error_of([&] { observer.reads({path("labels.csv")}); }),
              HasSubstr("is a file that this command reads, and `csv` would replace it"));
}

TEST_F(OutputFilesTest, ThePictureHasTheFormatOfItsExtension) {
  const Image image(2, 2);
  for (const auto& [name, begin] : {std::pair("a.JPG", "\xff\xd8\xff"), std::pair("a.png", "\x89PNG")}) {
    OutputFiles outputs;
    outputs.add("grid", path(name), OutputType::picture);
    outputs.write("grid", image.view());
    EXPECT_THAT(read_text(path(name)), StartsWith(begin));
    EXPECT_EQ(problem(path(name), OutputType::picture), "") << "graft's own is replaced";
  }
  EXPECT_THAT(problem(path("a.gif"), OutputType::picture), HasSubstr("ends neither in .png nor in .jpg"));
  EXPECT_THAT(problem(path("a.csv"), OutputType::picture), HasSubstr("ends neither"));
  EXPECT_THAT(problem(path("a.png"), OutputType::table),
              HasSubstr("has the extension of a picture, and a table is written"));
}

TEST_F(OutputFilesTest, OtherFilesAreReplacedOnlyOnRequest) {
  const std::string notes = folder_.write("notes.csv", "x,y\n1,2\n").string();
  const std::string own = folder_.write("own.csv", std::string(header) + "a.jpg,ants\n").string();
  EXPECT_THAT(problem(notes, OutputType::table),
              HasSubstr("is not a table of the kind that is written, and `out` would replace it"));
  EXPECT_EQ(problem(notes, OutputType::table, true), "");
  EXPECT_EQ(problem(own, OutputType::table), "");
  EXPECT_EQ(problem(folder_.write("empty.csv", "").string(), OutputType::table), "");
  fs::permissions(own, fs::perms::owner_read);
  EXPECT_THAT(problem(own, OutputType::table), HasSubstr("is write-protected"));
}

TEST_F(OutputFilesTest, AModelOfManyClassesIsKnownAsGrafts) {
  const std::string model = path("model.safetensors");
  write_safetensors(model, {}, {{"classes", std::string(20'000, 'a')}, {"format", "graft-model"}});
  EXPECT_EQ(problem(model, OutputType::safetensors), "");
  write_safetensors(model, {}, {{"classes", std::string(20'000, 'a')}, {"format", "pt"}});
  EXPECT_THAT(problem(model, OutputType::safetensors),
              HasSubstr("is not a safetensors file that graft has written"));
}

TEST_F(OutputFilesTest, InputFilesAreNeverReplaced) {
  const std::string own = folder_.write("own.csv", header).string();
  fs::create_symlink("own.csv", path("link.csv"));
  for (const std::string& to : {own, path("link.csv"), path("none/../own.csv")})
    EXPECT_THAT(problem(to, OutputType::table, true, {own}), HasSubstr("is a file that this command reads"));
  EXPECT_EQ(problem(path("other.csv"), OutputType::table, true, {own}), "");
}

TEST_F(OutputFilesTest, AFileOfARunIsReplacedOnlyByThatRun) {
  folder_.write("run/config.json", R"({"format": "graft-run"})");
  const std::string table = folder_.write("run/metrics.csv", header).string();
  EXPECT_THAT(problem(table, OutputType::table, true), HasSubstr("is a file of the run in"));
  OutputFiles outputs;
  outputs.add("out", table, OutputType::table, {header});
  outputs.owns(path("run"));
  outputs.check();
  EXPECT_EQ(problem(path("run/mine.csv"), OutputType::table), "") << "a name that no run writes";
}

TEST_F(OutputFilesTest, TwoOutputsNeedTwoFiles) {
  OutputFiles outputs;
  outputs.add("grid", path("x.png"), OutputType::picture);
  outputs.add("explain", path("./x.png"), OutputType::picture);
  EXPECT_THAT(error_of([&] { outputs.check(); }), HasSubstr("`explain`: and `grid` name the same file"));
  EXPECT_THAT(problem(folder_.path().string(), OutputType::table), HasSubstr("is a folder"));
  EXPECT_THAT(error_of([] { OutputFiles(true).check(); }),
              HasSubstr("`overwrite`: applies only to output files"));
}

TEST_F(OutputFilesTest, PipesAndStreamsAreWrittenDirectly) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_EQ(problem(path("pipe"), OutputType::table), "");
  OutputFiles outputs;
  std::string stream;
  outputs.add_stream("csv", "-", [&](std::string_view bytes) { stream += bytes; });
  outputs.check();
  outputs.write("csv", "a,b\n");
  EXPECT_EQ(stream, "a,b\n");
  EXPECT_TRUE(outputs.has("csv"));
  EXPECT_EQ(outputs.file("csv"), "");
}

// The reader of a pipe sees the end of the first output.
TEST_F(OutputFilesTest, OnlyADeviceTakesTwoOutputs) {
  ASSERT_EQ(::mkfifo(path("pipe").c_str(), 0600), 0);
  const auto problem_of_two = [](const std::string& path) {
    OutputFiles outputs;
    outputs.add("csv", path, OutputType::table);
    outputs.add("grid", path, OutputType::picture);
    return error_of([&] { outputs.check(); });
  };
  EXPECT_THAT(problem_of_two(path("pipe")), HasSubstr("`grid`: and `csv` name the same file"));
  EXPECT_EQ(problem_of_two("/dev/null"), "");
}

}  // namespace
}  // namespace graft
