#include "graft/data/split.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

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

}  // namespace
}  // namespace graft
