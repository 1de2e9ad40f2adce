#include "graft/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <stdexcept>
#include <utility>

#include "graft/check/check.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/loader.h"
#include "graft/image/encode.h"
#include "tests/image/pixels.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::uint8_t> png(int number) {
  const std::string bytes = encode_png(test::formula(30 + number, 40).view());
  return {bytes.begin(), bytes.end()};
}

std::shared_ptr<MemoryDataset> pictures(int count) {
  auto dataset = std::make_shared<MemoryDataset>();
  for (int i = 0; i < count; ++i) dataset->add(png(i), i % 2, "picture " + std::to_string(i));
  return dataset;
}

std::vector<float> floats_of(const Loader& loader) {
  std::vector<float> all;
  for (auto stream = loader.epoch(0); auto batch = stream->next();) {
    const auto* first = batch->images.get();
    all.insert(all.end(), first, first + static_cast<std::ptrdiff_t>(batch->count) * 3 * 16 * 16);
  }
  return all;
}

TEST(Dataset, InMemoryGivesTheBatchesOfTheSameFiles) {
  const test::TemporaryFolder folder;
  Folder files{folder.path(), {"a", "b"}, {}, {}};
  for (int i = 0; i < 5; ++i) {
    const std::vector<std::uint8_t> bytes = png(i);
    const auto path = folder.write(std::to_string(i) + ".png", std::string(bytes.begin(), bytes.end()));
    files.samples.push_back({path.string(), i % 2});
  }
  const Folder own = folder_of(pictures(5), {"a", "b"});
  const Preprocess preprocess{.resize = 16, .crop = 16};
  for (const bool augment : {false, true}) {
    const LoaderOptions options{.batch_size = 2, .workers = 2};
    LoaderPass pass;
    if (augment) pass.augment.emplace();
    EXPECT_EQ(floats_of(Loader(own.samples, preprocess, options, pass)),
              floats_of(Loader(files.samples, preprocess, options, pass)));
  }
}

TEST(Dataset, PixelsAreKeptAsTheyAre) {
  MemoryDataset dataset;
  const Image image = test::formula(7, 9);
  dataset.add(image.view(), 0);
  dataset.add(image.view().crop(1, 2, 4, 5), 1);
  EXPECT_EQ(dataset.name(1), "sample 1");
  const auto decoded = [&](std::size_t i) { return decode_image(dataset.read(i), dataset.name(i)); };
  EXPECT_TRUE(test::equal_pixels(decoded(0).view(), image.view()));
  EXPECT_TRUE(test::equal_pixels(decoded(1).view(), image.view().crop(1, 2, 4, 5)));
  EXPECT_THROW(dataset.add(ImageView{}, 0), UsageError);
}

TEST(Dataset, IsATrainingAndAValidationPart) {
  const DataSet data = data_set_of(pictures(6), pictures(2), {"a", "b"});
  EXPECT_THAT(data.train.count_per_class(), ElementsAre(3, 3));
  EXPECT_EQ(data.val.samples[1].path, "picture 1");
  EXPECT_EQ(read_picture(data.val.samples[1]), png(1));
}

TEST(Dataset, WhatCannotBeTrainedOnIsAnError) {
  const auto message = [](std::shared_ptr<const Dataset> train, std::vector<std::string> classes) {
    return test::error_of([&] { data_set_of(train, pictures(2), classes); });
  };
  EXPECT_THAT(message(pictures(0), {"a", "b"}), HasSubstr("has no samples"));
  EXPECT_THAT(message(nullptr, {"a", "b"}), HasSubstr("has no samples"));
  EXPECT_THAT(message(pictures(4), {"a"}), HasSubstr("fewer than two classes"));
  EXPECT_THAT(message(pictures(4), {"a", "a"}), HasSubstr("has two classes named \"a\""));
  EXPECT_THAT(message(pictures(4), {"a", "b", "c"}), HasSubstr("no training samples of \"c\""));
  auto wrong = std::make_shared<MemoryDataset>();
  wrong->add(png(0), 2, "odd one");
  EXPECT_THAT(message(wrong, {"a", "b"}), HasSubstr("odd one: is of class 2, and there are 2 classes"));
}

// A data set of a program's own whose second sample cannot be read.
class Failing : public Dataset {
 public:
  std::size_t size() const override { return 3; }
  std::vector<std::uint8_t> read(std::size_t i) const override {
    if (i == 1) throw std::runtime_error("the database is down");
    if (i == 2) throw 7;
    return png(0);
  }
  std::int64_t target(std::size_t i) const override { return static_cast<std::int64_t>(i % 2); }
};

TEST(Dataset, ASampleThatCannotBeReadIsABadPicture) {
  const Folder folder = folder_of(std::make_shared<Failing>(), {"a", "b"});
  const Preprocess preprocess{.resize = 16, .crop = 16};
  const Loader strict(folder.samples, preprocess, {.workers = 0});
  EXPECT_THAT(test::error_of([&] { strict.epoch(0)->next(); }),
              HasSubstr("sample 1: cannot be read: the database is down"));
  const Loader lenient(folder.samples, preprocess, {.workers = 0, .skip_bad = true});
  const auto stream = lenient.epoch(0);
  EXPECT_EQ(stream->next()->count, 1);
  ASSERT_EQ(stream->bad().size(), 2U);
  EXPECT_EQ(stream->bad()[0].path, "sample 1");
  EXPECT_THAT(stream->bad()[1].message, HasSubstr("sample 2: cannot be read"));
}

TEST(Dataset, IsChecked) {
  DataSet data = data_set_of(pictures(6), pictures(2), {"a", "b"});
  const CheckReport report = check_data_set(std::move(data));  // which alone keeps the pictures alive
  EXPECT_EQ(read_picture(report.pictures[0]), png(0));
  EXPECT_EQ(report.pictures.size(), 8U);
  const auto leaked = std::find_if(report.findings.begin(), report.findings.end(), [](const Finding& each) {
    return std::strcmp(each.name, "copies_leaked") == 0;
  });
  ASSERT_NE(leaked, report.findings.end());
  EXPECT_EQ(leaked->items.size(), 2U);
}

}  // namespace
}  // namespace graft
