// Tables of features and similar pictures, with a tiny network.
#include "graft/session/embed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/session/feature_file.h"
#include "tests/support/error_of.h"
#include "tests/support/picture_set.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class EmbedTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { test::register_tiny("tiny-embed"); }
  EmbedTest() {
    test::write_pictures(pictures_, "", {"blue", "red"}, 4);
    Model tiny = test::tiny_model({"blue", "red"});
    tiny.architecture = "tiny-embed";
    save_model(path("tiny.safetensors"), tiny);
  }

  EmbedRequest request() const {
    EmbedRequest request{{path("tiny.safetensors")}, {pictures_.path().string()}};
    request.recipe.loader.workers = 0;
    request.recipe.loader.batch_size = 3;
    return request;
  }
  SimilarRequest similar(const std::string& data) const {
    SimilarRequest request{{path("tiny.safetensors")}, {picture("red/0.ppm")}, data, 3};
    request.recipe.feature_cache = "off";
    request.recipe.loader.workers = 0;
    return request;
  }
  EmbedResult write(const std::string& name) const {
    OutputFiles outputs;
    add_feature_outputs(outputs, path(name));
    return embed_to_files(request(), outputs);
  }
  std::string path(const std::string& name) const { return (out_.path() / name).string(); }
  std::string picture(const std::string& name) const { return (pictures_.path() / name).string(); }

  test::TemporaryFolder pictures_, out_;
};

// As numpy.lib.format describes it: the data begins at a multiple of 64 bytes.
TEST_F(EmbedTest, AnNpyFileHasTheRowsThatTheCallbackGets) {
  std::vector<float> rows;
  std::vector<std::string> paths;
  embed_pictures(request(), [&](const std::string& path, std::span<const float> features) {
    paths.push_back(path);
    rows.insert(rows.end(), features.begin(), features.end());
  });
  const EmbedResult result = write("f.npy");
  EXPECT_EQ(result.rows, 8U);
  EXPECT_EQ(result.width, 8U);
  const std::string file = read_text(path("f.npy"));
  EXPECT_THAT(file, HasSubstr("{'descr': '<f4', 'fortran_order': False, 'shape': (8, 8), }"));
  ASSERT_EQ(file.size(), 192 + rows.size() * sizeof(float));
  EXPECT_EQ(file[191], '\n');
  EXPECT_EQ(std::memcmp(file.data() + 192, rows.data(), rows.size() * sizeof(float)), 0);
  const FeatureTable table = read_features(path("f.npy"));
  EXPECT_EQ(table.paths, paths);
}

TEST_F(EmbedTest, AllFormatsHoldTheSameNumbers) {
  for (const char* name : {"f.npy", "f.safetensors", "f.csv"}) write(name);
  const FeatureTable npy = read_features(path("f.npy")), safetensors = read_features(path("f.safetensors"));
  EXPECT_EQ(npy.paths, safetensors.paths);
  EXPECT_TRUE(std::equal(npy.values.begin(), npy.values.end(), safetensors.values.begin()));
  const std::string csv = read_text(path("f.csv"));
  EXPECT_THAT(csv, StartsWith("path,f0,f1,f2,f3,f4,f5,f6,f7\n"));
  EXPECT_THAT(csv, HasSubstr(feature_line(npy.paths[5], npy.values.subspan(40, 8))));
  for (const char* name : {"f.npy", "f.safetensors", "f.csv"}) write(name);  // replaces its own files
}

TEST_F(EmbedTest, UnreadablePicturesHaveNoRow) {
  pictures_.write("blue/broken.ppm", "P6");
  for (const char* name : {"f.npy", "f.csv"}) {
    const EmbedResult result = write(name);
    EXPECT_EQ(result.rows, 8U);
    ASSERT_EQ(result.bad.size(), 1U);
    EXPECT_THAT(result.bad.front().path, EndsWith("broken.ppm"));
  }
  EXPECT_EQ(read_features(path("f.npy")).size(), 8U);
  EmbedRequest broken = request();
  broken.pictures = {picture("blue/broken.ppm")};
  OutputFiles outputs;
  add_feature_outputs(outputs, path("g.npy"));
  EXPECT_THAT(test::error_of([&] { embed_to_files(broken, outputs); }), HasSubstr("no other picture can be"));
  EXPECT_FALSE(disk().info(path("g.npy")));
}

TEST_F(EmbedTest, OutputsOfOtherKindsAreRefused) {
  OutputFiles outputs;
  EXPECT_THROW(add_feature_outputs(outputs, ""), UsageError);
  EXPECT_THROW(add_feature_outputs(outputs, "f.txt"), UsageError);
  out_.write("f.npy", "\x93NUMPY of another program");
  EXPECT_THAT(test::error_of([&] { write("f.npy"); }),
              HasSubstr("is not an .npy file that graft has written"));
}

TEST_F(EmbedTest, DamagedTablesAreRefused) {
  write("f.npy");
  const std::string file = read_text(path("f.npy"));
  for (const std::string& damaged : {std::string(), file.substr(0, 100), file.substr(0, 300), "x" + file}) {
    out_.write("f.npy", damaged);
    EXPECT_NE(test::error_of([&] { read_features(path("f.npy")); }), "");
  }
  out_.write("f.npy", file);
  out_.write("f.npy.paths.csv", "path\none.jpg\n");
  EXPECT_THAT(test::error_of([&] { read_features(path("f.npy")); }), HasSubstr("has 8 rows"));
  disk().remove(path("f.npy.paths.csv"));
  EXPECT_THAT(test::error_of([&] { read_features(path("f.npy")); }), HasSubstr("does not exist"));
}

TEST_F(EmbedTest, SimilarPicturesAreOfTheSameColourAndNotTheQueryItself) {
  OutputFiles outputs;
  outputs.add("csv", path("s.csv"), OutputType::table, {similar_header});
  outputs.add("grid", path("s.png"), OutputType::picture);
  const SimilarResult result = find_similar(similar(pictures_.path().string()), outputs);
  ASSERT_EQ(result.queries.size(), 1U);
  ASSERT_EQ(result.queries.front().pictures.size(), 3U);
  for (const SimilarPicture& each : result.queries.front().pictures) {
    EXPECT_THAT(each.path, HasSubstr("/red/"));
    EXPECT_NE(each.path, picture("red/0.ppm"));
  }
  EXPECT_THAT(read_text(path("s.csv")),
              StartsWith("query,rank,path,cosine\n" + picture("red/0.ppm") + ",1,"));
  EXPECT_TRUE(disk().info(path("s.png")));

  write("f.npy");
  OutputFiles none;
  const SimilarResult of_file = find_similar(similar(path("f.npy")), none);
  EXPECT_EQ(of_file.queries.front().pictures.front().path, result.queries.front().pictures.front().path);
}

TEST_F(EmbedTest, SimilarRefusesWhatItCannotCompare) {
  OutputFiles none;
  EXPECT_THROW(find_similar(similar(""), none), UsageError);
  SimilarRequest request = similar(pictures_.path().string());
  request.top_k = 0;
  EXPECT_THROW(find_similar(request, none), UsageError);
  out_.write("g.npy", npy_header(1, 3) + std::string(12, '\0'));
  out_.write("g.npy.paths.csv", "path\na.jpg\n");
  EXPECT_THAT(test::error_of([&] { find_similar(similar(path("g.npy")), none); }),
              HasSubstr("has 3 features a picture, and "));
  write("f.npy");
  Model other = test::tiny_model({"blue", "red"}, 7);
  other.architecture = "tiny-embed";
  save_model(path("tiny.safetensors"), other);
  EXPECT_THAT(test::error_of([&] { find_similar(similar(path("f.npy")), none); }),
              HasSubstr("has other features of "));
}

}  // namespace
}  // namespace graft
