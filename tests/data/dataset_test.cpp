#include "graft/data/dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <stdexcept>
#include <utility>

#include "graft/check/check.h"
#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/loader.h"
#include "graft/image/codec.h"
#include "tests/image/pixels.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<std::uint8_t> png(int number) {
  const std::string bytes = encode_png(test::formula(30 + number, 40).view());
  return {bytes.begin(), bytes.end()};
}

std::shared_ptr<MemoryDataset> pictures_in_memory(int count) {
  auto dataset = std::make_shared<MemoryDataset>();
  for (int i = 0; i < count; ++i) dataset->add(png(i), i % 2, "picture " + std::to_string(i));
  return dataset;
}

OwnData parts(std::shared_ptr<const Dataset> train, std::shared_ptr<const Dataset> val,
              std::vector<std::string> classes = {"a", "b"}) {
  return {.train = std::move(train), .val = std::move(val), .classes = std::move(classes)};
}

std::shared_ptr<const Dataset> targets(const std::vector<Target>& all) {
  auto dataset = std::make_shared<MemoryDataset>();
  for (const Target& target : all) dataset->add(png(static_cast<int>(dataset->size())), target);
  return dataset;
}

EvaluationFolder evaluated(const OwnData& own, const std::vector<std::string>& classes = {},
                           EvaluationPart part = EvaluationPart::automatic) {
  std::vector<std::string> warnings;
  return open_evaluation_folder(own, classes, warnings, LabelKind::automatic, part);
}

std::vector<std::string> labels_of(const Folder& folder) {
  const std::vector<std::string> names = folder.label_names();
  std::vector<std::string> labels;
  for (const Sample& sample : folder.samples) labels.push_back(names[static_cast<std::size_t>(sample.label)]);
  return labels;
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
  const Folder own = evaluated({.test = pictures_in_memory(5), .classes = {"a", "b"}});
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
  const TrainingData data = open_data_set(parts(pictures_in_memory(6), pictures_in_memory(2)));
  EXPECT_THAT(data.train.count_per_class(), ElementsAre(3, 3));
  EXPECT_EQ(data.val.samples[1].path, "picture 1");
  EXPECT_EQ(read_picture(data.val.samples[1]), png(1));
}

TEST(Dataset, InvalidTrainingDataIsAnError) {
  const auto message = [](std::shared_ptr<const Dataset> train, std::vector<std::string> classes) {
    return test::error_of([&] { open_data_set(parts(train, pictures_in_memory(2), classes)); });
  };
  EXPECT_THAT(message(pictures_in_memory(0), {"a", "b"}), HasSubstr("has no training samples"));
  EXPECT_THAT(message(nullptr, {"a", "b"}), HasSubstr("has no training samples"));
  EXPECT_THAT(message(pictures_in_memory(4), {}), HasSubstr("has no `classes`"));
  EXPECT_THAT(message(pictures_in_memory(4), {"a", ""}), HasSubstr("a class has no name"));
  EXPECT_THAT(message(pictures_in_memory(4), {"a", "\xe9"}), HasSubstr("is not UTF-8"));
  EXPECT_THAT(message(pictures_in_memory(4), {"a", "b\n"}), HasSubstr("control character"));
  EXPECT_THAT(message(pictures_in_memory(4), {"a"}), HasSubstr("is of class 1, and there is 1 class"));
  auto one = std::make_shared<MemoryDataset>();
  for (int i = 0; i < 3; ++i) one->add(png(i), 0);
  EXPECT_THAT(test::error_of([&] { open_data_set(parts(one, one, {"a"})); }),
              HasSubstr("fewer than two classes"));
  EXPECT_THAT(message(pictures_in_memory(4), {"a", "a"}), HasSubstr("has two classes named \"a\""));
  EXPECT_THAT(message(pictures_in_memory(4), {"a", "b", "c"}), HasSubstr("no training samples of \"c\""));
  auto wrong = std::make_shared<MemoryDataset>();
  wrong->add(png(0), 2, "odd one");
  EXPECT_THAT(message(wrong, {"a", "b"}), HasSubstr("odd one: is of class 2, and there are 2 classes"));
  auto twins = std::make_shared<MemoryDataset>();
  for (const int target : {0, 1}) twins->add(png(target), target, "twin");
  EXPECT_THAT(message(twins, {"a", "b"}), HasSubstr("twin: is the name of two of the training samples"));
  EXPECT_THAT(test::error_of([&] { open_data_set(parts(pictures_in_memory(4), pictures_in_memory(0))); }),
              HasSubstr("has no validation samples"));
}

TEST(Dataset, TargetsAreClassesSetsOrNumbers) {
  const TrainingData sets = open_data_set(parts(targets({ClassSet{1}, ClassSet{1, 0, 1}, ClassSet{}}),
                                                targets({ClassSet{0}, ClassSet{0, 1}}), {"b", "a"}));
  EXPECT_EQ(sets.train.kind(), LabelKind::multi);
  EXPECT_THAT(labels_of(sets.train), ElementsAre("a", "b|a", ""));
  EXPECT_THAT(labels_of(sets.val), ElementsAre("b", "b|a"));
  EXPECT_EQ(sets.train.class_sets, sets.val.class_sets);
  EXPECT_THAT(sets.train.count_per_class(), ElementsAre(1, 2));
  const TrainingData numbers =
      open_data_set(parts(targets({2.5, -1.0, 2.5}), targets({1e300, -1.0}), {"warmth"}));
  EXPECT_EQ(numbers.train.kind(), LabelKind::number);
  EXPECT_THAT(labels_of(numbers.train), ElementsAre("2.5", "-1", "2.5"));
  EXPECT_EQ(numbers.val.numbers[static_cast<std::size_t>(numbers.val.samples[0].label)], 1e300);
  EXPECT_EQ(numbers.train.numbers, numbers.val.numbers);
}

TEST(Dataset, InvalidTargetsAreAnError) {
  const auto message = [](const std::vector<Target>& train, const std::vector<Target>& val,
                          const std::vector<std::string>& classes = {"a", "b"}) {
    return test::error_of([&] { open_data_set(parts(targets(train), targets(val), classes)); });
  };
  const Target a = ClassSet{0}, both = ClassSet{0, 1}, none = ClassSet{};
  EXPECT_THAT(message({both, ClassSet{1, 2}}, {a}),
              HasSubstr("sample 1: is of class 2, and there are 2 classes"));
  EXPECT_THAT(message({ClassSet{-1}, both}, {a}), HasSubstr("sample 0: is of class -1"));
  EXPECT_THAT(message({none, none}, {a}), HasSubstr("no training sample shows any class"));
  EXPECT_THAT(message({both, a}, {none}), HasSubstr("no validation sample shows any class"));
  EXPECT_THAT(message({a, a}, {a}), HasSubstr("no training samples of \"b\""));
  EXPECT_THAT(message({both}, {a}, {"a|b", "c"}), HasSubstr("holds \"|\""));
  EXPECT_THAT(message({both, 1}, {a}),
              HasSubstr("sample 1: has one class as its target, and other samples have a set of classes"));
  EXPECT_THAT(message({both, a}, {1}),
              HasSubstr("its validation samples have one class as targets, and its training samples a set"));
  EXPECT_THAT(message({1.0, 2.0}, {0}, {"n"}), HasSubstr("its training samples a number"));
  EXPECT_THAT(message({1.0, std::nan("")}, {1.0}, {"n"}), HasSubstr("sample 1: its target is not a finite"));
  EXPECT_THAT(message({1.0, 2.0}, {INFINITY}, {"n"}), HasSubstr("sample 0: its target is not a finite"));
  EXPECT_THAT(message({1.0, 1.0}, {2.0}, {"n"}), HasSubstr("all training samples have the number 1"));
  EXPECT_THAT(message({1.0, 2.0}, {2.0}, {"n", "m"}), HasSubstr("has numbers as targets, and 2 names"));
}

TEST(Dataset, ValidationIsSplitOffIfMissing) {
  const TrainingData data = open_data_set(parts(pictures_in_memory(20), nullptr), {.val_fraction = 0.3});
  EXPECT_TRUE(data.split);
  EXPECT_THAT(data.train.count_per_class(), ElementsAre(7, 7));
  EXPECT_THAT(data.val.count_per_class(), ElementsAre(3, 3));
  EXPECT_EQ(data.val.sources, data.train.sources);
  const TrainingData again = open_data_set(parts(pictures_in_memory(20), nullptr), {.val_fraction = 0.3});
  EXPECT_EQ(again.val.samples[1].path, data.val.samples[1].path);
}

TEST(Dataset, IsEvaluatedInTheOrderOfTheModelsClasses) {
  const OwnData own{.val = targets({0, 1}), .test = targets({1, 1, 0}), .classes = {"bees", "ants"}};
  const EvaluationFolder val = evaluated(own, {"ants", "bees", "wasps"});
  EXPECT_EQ(val.part, EvaluationPart::val);
  EXPECT_THAT(labels_of(val), ElementsAre("bees", "ants"));
  EXPECT_EQ(val.samples[0].label, 1);
  const EvaluationFolder test = evaluated(own, {"ants", "bees"}, EvaluationPart::test);
  EXPECT_THAT(labels_of(test), ElementsAre("ants", "ants", "bees"));
  const EvaluationFolder all = evaluated(own, {}, EvaluationPart::all);
  EXPECT_EQ(all.samples.size(), 5U);
  EXPECT_EQ(all.sources.size(), 2U);
  EXPECT_EQ(evaluated({.train = pictures_in_memory(2), .classes = {"a", "b"}}).part, EvaluationPart::all);
  const EvaluationFolder sets =
      evaluated({.test = targets({ClassSet{0, 1}}), .classes = {"b", "a"}}, {"a", "b"});
  EXPECT_THAT(labels_of(sets), ElementsAre("a|b"));
  const auto message = [](const OwnData& data, EvaluationPart part = EvaluationPart::automatic) {
    return test::error_of([&] { evaluated(data, {"ants", "bees"}, part); });
  };
  EXPECT_THAT(message(own, EvaluationPart::train), HasSubstr("has no training samples"));
  EXPECT_THAT(message({.classes = {"ants", "bees"}}), HasSubstr("has no samples"));
  EXPECT_THAT(message({.test = targets({0}), .classes = {"ant"}}),
              AllOf(HasSubstr("the model has no class \"ant\""), HasSubstr("ants")));
}

// A table's data as a Dataset, and back.
TEST(Dataset, ATableIsADataset) {
  const test::TemporaryFolder folder;
  std::string sets = "path,label,split\n", numbers = sets;
  for (int i = 0; i < 8; ++i) {
    const std::vector<std::uint8_t> bytes = png(i);
    const std::string name = std::to_string(i) + ".png", part = i < 5 ? "train" : "val";
    folder.write(name, std::string(bytes.begin(), bytes.end()));
    const char* labels[] = {"b|a", "a", "", "c|b"};
    sets += name + "," + labels[i % 4] + "," + part + "\n";
    numbers += name + "," + std::to_string(10 - i) + "," + part + "\n";
  }
  const auto expect_same = [](const Folder& own, const Folder& table) {
    EXPECT_EQ(own.class_sets, table.class_sets);
    EXPECT_EQ(own.numbers, table.numbers);
    ASSERT_EQ(own.samples.size(), table.samples.size());
    for (std::size_t i = 0; i < own.samples.size(); ++i) {
      EXPECT_EQ(own.samples[i].path, table.samples[i].path);
      EXPECT_EQ(own.samples[i].label, table.samples[i].label);
      EXPECT_EQ(read_picture(own.samples[i]), read_picture(table.samples[i]));
    }
  };
  for (const auto& [text, kind] :
       {std::pair(sets, LabelKind::multi), std::pair(numbers, LabelKind::number)}) {
    const TrainingData table = open_data_set(folder.write("labels.csv", text), {.labels = kind});
    const TrainingData own =
        open_data_set(parts(dataset_of(table.train), dataset_of(table.val), table.train.classes));
    expect_same(own.train, table.train);
    expect_same(own.val, table.val);
  }
}

// A program's own Dataset whose second sample cannot be read.
class Failing : public Dataset {
 public:
  std::size_t size() const override { return 3; }
  std::vector<std::uint8_t> read(std::size_t i) const override {
    if (i == 1) throw std::runtime_error("the database is down");
    if (i == 2) throw 7;
    return png(0);
  }
  Target target(std::size_t i) const override { return static_cast<std::int64_t>(i % 2); }
};

TEST(Dataset, ASampleThatCannotBeReadIsABadPicture) {
  const Folder folder = evaluated({.test = std::make_shared<Failing>(), .classes = {"a", "b"}});
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
  const CheckReport report = check_data_set(
      parts(pictures_in_memory(6), pictures_in_memory(2)));  // the report keeps the Datasets alive
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
