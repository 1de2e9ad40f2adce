#include "graft/data/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "graft/core/error.h"

namespace graft {
namespace {

using testing::ElementsAre;

// counts[i] samples of class i, named root/class/n.jpg.
Folder folder_of(const std::string& root, const std::vector<int>& counts, std::vector<std::string> classes) {
  Folder folder{root, std::move(classes), {}, {}};
  for (std::size_t label = 0; label < counts.size(); ++label) {
    for (int i = 0; i < counts[label]; ++i) {
      folder.samples.push_back({root + "/" + folder.classes[label] + "/" + std::to_string(i) + ".jpg",
                                static_cast<std::int64_t>(label)});
    }
  }
  return folder;
}

std::vector<std::int64_t> counts_of(const Folder& folder, const std::vector<Sample>& samples) {
  return Folder{folder.root, folder.classes, samples, {}}.count_per_class();
}

// Paths below the root of the samples of one class.
std::set<std::string> names(const std::vector<Sample>& samples, const Folder& folder,
                            const std::string& name) {
  std::set<std::string> found;
  for (const Sample& sample : samples) {
    if (folder.classes[static_cast<std::size_t>(sample.label)] == name) {
      found.insert(sample.path.substr(folder.root.string().size()));
    }
  }
  return found;
}

TEST(Split, KeepsTheShareOfEachClass) {
  const Folder folder = folder_of("/data", {1, 2, 3, 10, 14, 100}, {"a", "b", "c", "d", "e", "f"});
  const Split split = stratified_split(folder, 0.25, 0);
  // round(n · 0.25): 2.5 rounds up; at least one, never all.
  EXPECT_THAT(counts_of(folder, split.val), ElementsAre(0, 1, 1, 3, 4, 25));
  EXPECT_THAT(counts_of(folder, split.train), ElementsAre(1, 1, 2, 7, 10, 75));
  EXPECT_THAT(counts_of(folder, stratified_split(folder, 0.999, 0).train), ElementsAre(1, 1, 1, 1, 1, 1));
}

TEST(Split, HoldsEverySampleOnceInOrder) {
  const Folder folder = folder_of("/data", {20, 30}, {"a", "b"});
  const Split split = stratified_split(folder, 0.4, 3);
  const auto position = [&](const Sample& sample) {
    return std::find_if(folder.samples.begin(), folder.samples.end(),
                        [&](const Sample& s) { return s.path == sample.path; }) -
           folder.samples.begin();
  };
  std::set<std::ptrdiff_t> seen;
  for (const auto* part : {&split.train, &split.val}) {
    std::ptrdiff_t last = -1;
    for (const Sample& sample : *part) {
      EXPECT_GT(position(sample), last);
      last = position(sample);
      EXPECT_EQ(sample.label, folder.samples[static_cast<std::size_t>(last)].label);
      seen.insert(last);
    }
  }
  EXPECT_EQ(seen.size(), folder.samples.size());
}

TEST(Split, DependsOnTheSeedAndNotOnTheDatasFolder) {
  const Folder here = folder_of("/data", {30, 30}, {"a", "b"});
  const Folder there = folder_of("relative/other", {30, 30}, {"a", "b"});
  const auto val = [](const Folder& folder, std::uint64_t seed) {
    return names(stratified_split(folder, 0.3, seed).val, folder, "a");
  };
  EXPECT_EQ(val(here, 1), val(there, 1));
  EXPECT_NE(val(here, 1), val(here, 2));
}

TEST(Split, AnotherClassMovesNothing) {
  const Folder two = folder_of("/data", {30, 30}, {"a", "c"});
  const Folder three = folder_of("/data", {30, 50, 30}, {"a", "b", "c"});
  const Split small = stratified_split(two, 0.3, 5), large = stratified_split(three, 0.3, 5);
  for (const char* name : {"a", "c"}) {
    EXPECT_EQ(names(small.val, two, name), names(large.val, three, name));
  }
}

TEST(Split, ClassesWithEqualFileNamesAreSplitApart) {
  const Folder folder = folder_of("/data", {40, 40}, {"a", "b"});
  const Split split = stratified_split(folder, 0.5, 0);
  std::set<std::string> a, b;
  for (const std::string& name : names(split.val, folder, "a")) a.insert(name.substr(3));
  for (const std::string& name : names(split.val, folder, "b")) b.insert(name.substr(3));
  EXPECT_NE(a, b);
}

// The split of a dataset must never change, so that an old run is validated on the same pictures.
TEST(Split, IsFixedForever) {
  const Folder folder = folder_of("/data", {10}, {"a"});
  std::vector<std::string> val;
  for (const Sample& sample : stratified_split(folder, 0.3, 0).val) val.push_back(sample.path);
  EXPECT_THAT(val, ElementsAre("/data/a/3.jpg", "/data/a/5.jpg", "/data/a/9.jpg"));
}

// For a picture outside the root the whole path is used, even if it is shorter than the root's.
TEST(Split, AcceptsPicturesOutsideTheRoot) {
  Folder folder = folder_of("/a/long/way/down", {4}, {"a"});
  folder.samples.push_back({"/b/1.jpg", 0});
  const Split split = stratified_split(folder, 0.2, 0);
  EXPECT_EQ(split.train.size() + split.val.size(), 5U);
}

TEST(Split, TheTestPartIsChosenByItself) {
  const Folder folder = folder_of("/data", {100, 100}, {"a", "b"});
  const auto chosen = [&](SplitUse use) {
    return names(stratified_split(folder, 0.3, 0, use).val, folder, "a");
  };
  const auto val = chosen(SplitUse::validation), test = chosen(SplitUse::test);
  EXPECT_EQ(test.size(), 30U);
  EXPECT_NE(val, test);
}

// The samples of each fold.
std::vector<std::vector<Sample>> samples_by_fold(const Folder& folder, const std::vector<int>& fold_of,
                                                 int folds) {
  std::vector<std::vector<Sample>> samples(static_cast<std::size_t>(folds));
  for (std::size_t i = 0; i < fold_of.size(); ++i) {
    if (fold_of[i] >= 0) samples[static_cast<std::size_t>(fold_of[i])].push_back(folder.samples[i]);
  }
  return samples;
}

TEST(Folds, DivideEachClassAndTheWholeEvenly) {
  const Folder folder = folder_of("/data", {1, 2, 3, 10, 14, 100}, {"a", "b", "c", "d", "e", "f"});
  const auto fold_of = stratified_folds(folder, 4, 0, 0);
  EXPECT_EQ(fold_of[0], -1) << "the only picture of its class stays in training";
  std::vector<std::size_t> sizes;
  for (const auto& samples : samples_by_fold(folder, fold_of, 4)) {
    sizes.push_back(samples.size());
    const auto counts = counts_of(folder, samples);
    EXPECT_LE(counts[1], 1);
    EXPECT_GE(counts[3], 2);
    EXPECT_LE(counts[3], 3);
    EXPECT_EQ(counts[5], 25);
  }
  EXPECT_EQ(*std::max_element(sizes.begin(), sizes.end()), 33U);
  EXPECT_EQ(*std::min_element(sizes.begin(), sizes.end()), 32U);
}

TEST(Folds, DependOnTheSeedAndTheRepeatAndNotOnTheDatasFolder) {
  const Folder here = folder_of("/data", {30, 30}, {"a", "b"});
  const auto folds = stratified_folds(here, 5, 1, 0);
  EXPECT_EQ(folds, stratified_folds(folder_of("relative/other", {30, 30}, {"a", "b"}), 5, 1, 0));
  EXPECT_NE(folds, stratified_folds(here, 5, 2, 0));
  EXPECT_NE(folds, stratified_folds(here, 5, 1, 1));
}

TEST(Folds, CombinationsOfClassesThatAreRareAreDividedTogether) {
  Folder folder{"/data", {"a", "b", "c"}, {}, {}};
  folder.class_sets = {{0}, {1}, {0, 1}, {0, 2}, {1, 2}, {0, 1, 2}};
  for (int i = 0; i < 26; ++i)  // 20 of {a}; one or two of each other set
    folder.samples.push_back({"/data/" + std::to_string(i) + ".jpg", i < 20 ? 0 : 1 + (i - 20) % 5});
  const auto by_fold = samples_by_fold(folder, stratified_folds(folder, 3, 0, 0), 3);
  std::size_t all = 0;
  for (const auto& samples : by_fold) {
    const auto rare =
        std::count_if(samples.begin(), samples.end(), [](const Sample& s) { return s.label > 0; });
    EXPECT_EQ(rare, 2);
    all += samples.size();
  }
  EXPECT_EQ(all, 26U);
}

TEST(Folds, EveryFoldOfNumbersHasSmallAndLargeOnes) {
  Folder folder{"/data", {"age"}, {}, {}};
  for (int i = 0; i < 60; ++i) {
    folder.numbers.push_back(i);
    folder.samples.push_back({"/data/" + std::to_string(i) + ".jpg", i});
  }
  for (const auto& samples : samples_by_fold(folder, stratified_folds(folder, 5, 0, 0), 5)) {
    EXPECT_EQ(samples.size(), 12U);
    for (const int half : {0, 1})
      EXPECT_EQ(std::count_if(samples.begin(), samples.end(),
                              [&](const Sample& s) { return (s.label >= 30) == (half == 1); }),
                6);
  }
}

// A training part, and options of a cross-validation.
TrainingData divided(const DataOptions& options) {
  TrainingData data;
  data.train = folder_of("/data", {10, 21}, {"a", "b"});
  divide(data, options, false, "/data");
  return data;
}

TEST(Divide, EveryPictureIsHeldOutOnceInEachRepeat) {
  std::multiset<std::string> held_out;
  for (int fold = 1; fold <= 6; ++fold) {
    const TrainingData data = divided({.folds = 3, .repeats = 2, .fold = fold});
    EXPECT_EQ(data.train.samples.size() + data.val.samples.size(), 31U);
    EXPECT_TRUE(data.folded);
    EXPECT_FALSE(data.split);
    for (const Sample& sample : data.val.samples) held_out.insert(sample.path);
  }
  EXPECT_EQ(held_out.size(), 62U);
  for (const std::string& path : held_out) EXPECT_EQ(held_out.count(path), 2U) << path;
}

TEST(Divide, TheFinalModelHasEverythingButTheTestPart) {
  const TrainingData data = divided({.test_fraction = 0.2, .folds = 3});
  EXPECT_EQ(data.train.samples.size(), 25U);
  EXPECT_EQ(data.test.samples.size(), 6U);
  EXPECT_TRUE(data.val.samples.empty());
  EXPECT_TRUE(data.test_split);
  EXPECT_EQ(data.test.classes, data.train.classes);
}

TEST(Divide, ValidationAndTestHaveNoPictureInCommon) {
  const TrainingData data = divided({.val_fraction = 0.2, .test_fraction = 0.2});
  std::set<std::string> all;
  for (const Folder* part : {&data.train, &data.val, &data.test})
    for (const Sample& sample : part->samples) all.insert(sample.path);
  EXPECT_EQ(all.size(), 31U);
  EXPECT_EQ(data.test.samples.size(), 6U);
  EXPECT_EQ(data.val.samples.size(), 5U);
}

TEST(Divide, FoldsThatCannotBeMadeAreRefused) {
  EXPECT_THROW(divided({.folds = 1}), UsageError);
  EXPECT_THROW(divided({.folds = 40}), UsageError);
  EXPECT_THROW(divided({.folds = 3, .repeats = 2, .fold = 7}), UsageError);
  const auto advice = [](const std::vector<int>& counts, const DataOptions& options) {
    TrainingData data;
    data.train = folder_of("/data", counts, {"a", "b"});
    try {
      divide(data, options, false, "/data");
    } catch (const UsageError& error) {
      return error.advice();
    }
    return std::string("none");
  };
  EXPECT_EQ(advice({2, 2}, {.folds = 5}), "give fewer folds, or add pictures");
  EXPECT_EQ(advice({10, 10}, {.test_fraction = 0.5, .folds = 12}),
            "give fewer folds, or a smaller `test_fraction`, or add pictures");
  EXPECT_EQ(advice({1, 1}, {.folds = 2}), "add pictures");
  EXPECT_EQ(advice({10, 10}, {.test_fraction = 0.9, .folds = 2}),
            "give a smaller `test_fraction`, or add pictures");
}

}  // namespace
}  // namespace graft
