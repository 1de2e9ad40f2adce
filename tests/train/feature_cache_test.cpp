#include "graft/train/feature_cache.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <functional>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "graft/models/load.h"
#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/failing_disk.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_network.h"

namespace graft {
namespace {

const std::string hash_one(64, '1'), hash_two(64, '2'), hash_three(64, '3');

torch::Tensor row(float value) { return torch::full({8}, value); }

class FeatureCaches : public ::testing::Test {
 protected:
  FeatureCache open(const std::string& key = std::string(64, 'a'), std::int64_t width = 8) const {
    return {folder_.path() / "features", "tiny", key, width};
  }
  std::filesystem::path file() const {
    return folder_.path() / "features" / "tiny-aaaaaaaaaaaaaaaa.safetensors";
  }

  test::TemporaryFolder folder_;
};

TEST_F(FeatureCaches, ReturnWhatWasSaved) {
  FeatureCache first = open();
  EXPECT_FALSE(first.find({hash_one, 0}).defined());
  first.add({hash_one, 0}, row(1));
  first.add({hash_one, 1}, row(2));
  first.add({hash_two, 0}, row(3));
  first.save();
  FeatureCache second = open();
  EXPECT_EQ(second.size(), 3U);
  EXPECT_TRUE(second.find({hash_one, 1}).equal(row(2)));
  EXPECT_TRUE(second.find({hash_two, 0}).equal(row(3)));
  EXPECT_FALSE(second.find({hash_two, 1}).defined());
  second.add({hash_three, 0}, row(4));
  second.save();
  EXPECT_EQ(open().size(), 4U);
}

// The pipe has no reader: opening it for writing would block.
TEST_F(FeatureCaches, APipeInTheirPlaceIsRefused) {
  std::filesystem::create_directories(file().parent_path());
  ASSERT_EQ(::mkfifo(file().c_str(), 0600), 0);
  FeatureCache cache = open();
  cache.add({hash_one, 0}, row(1));
  EXPECT_THAT(test::error_of([&] { cache.save(); }), testing::HasSubstr("is not a regular file"));
}

// Its target may be anybody's.
TEST_F(FeatureCaches, ALinkInTheirPlaceIsNeitherReadNorFollowed) {
  FeatureCache first = open();
  first.add({hash_one, 0}, row(1));
  first.save();
  const std::filesystem::path elsewhere = folder_.path() / "elsewhere.safetensors";
  std::filesystem::rename(file(), elsewhere);
  const std::string before = read_text(elsewhere);
  for (const std::filesystem::path& target : {elsewhere, folder_.path() / "new"}) {
    std::filesystem::remove(file());
    std::filesystem::create_symlink(target, file());
    FeatureCache cache = open();
    EXPECT_EQ(cache.size(), 0U);
    cache.add({hash_two, 0}, row(2));
    EXPECT_THAT(test::error_of([&] { cache.save(); }), testing::HasSubstr("is not a regular file"));
  }
  EXPECT_TRUE(read_text(elsewhere) == before);
  EXPECT_FALSE(disk().info(folder_.path() / "new"));
}

TEST_F(FeatureCaches, DependOnTheKey) {
  FeatureCache cache = open();
  cache.add({hash_one, 0}, row(1));
  cache.save();
  EXPECT_EQ(open(std::string(64, 'b')).size(), 0U);
}

TEST_F(FeatureCaches, UnreadableFilesCountAsEmptyAndAreReplaced) {
  FeatureCache cache = open();
  cache.add({hash_one, 0}, row(1));
  cache.save();
  const std::string whole = read_text(file());
  std::string not_finite = whole;
  // The first feature, after the header, becomes a NaN.
  const std::size_t header =
      8 + static_cast<unsigned char>(whole[0]) + 256U * static_cast<unsigned char>(whole[1]);
  not_finite.replace(header, 4, std::string("\xff\xff\xff\xff", 4));
  std::string another_value = whole;
  another_value[header] = static_cast<char>(another_value[header] ^ 1);
  for (const std::string& text : {std::string(), std::string("not a cache"),
                                  whole.substr(0, whole.size() - 3), not_finite, another_value}) {
    replace_file(file(), text);
    FeatureCache broken = open();
    EXPECT_EQ(broken.size(), 0U);
    EXPECT_THAT(broken.damage(), testing::HasSubstr(file().string()));
    broken.add({hash_two, 0}, row(2));
    broken.save();
    EXPECT_TRUE(open().find({hash_two, 0}).equal(row(2)));
  }
  EXPECT_EQ(open(std::string(64, 'a'), 9).size(), 0U);  // another width
}

TEST_F(FeatureCaches, OfEarlierVersionsHaveNoChecksumAndAreRead) {
  FeatureCache cache = open();
  cache.add({hash_one, 0}, row(1));
  cache.save();
  StateDict state = read_weights(file());
  ASSERT_EQ(state.metadata.erase("checksum"), 1U);
  const auto older = file().parent_path() / "older";
  write_safetensors(older, state.tensors, state.metadata);
  std::filesystem::rename(older, file());
  const FeatureCache read = open();
  EXPECT_EQ(read.size(), 1U);
  EXPECT_EQ(read.damage(), "");
}

TEST_F(FeatureCaches, StayWithinTheirLimitByRemovingUnusedRows) {
  FeatureCache cache = open();
  cache.add({hash_one, 0}, row(1));
  cache.add({hash_two, 0}, row(2));
  cache.save();
  FeatureCache next = open();
  EXPECT_TRUE(next.find({hash_two, 0}).defined());
  next.add({hash_three, 0}, row(3));
  next.save(/*most_bytes=*/250);  // two rows of 100 bytes
  FeatureCache last = open();
  EXPECT_EQ(last.size(), 2U);
  EXPECT_FALSE(last.find({hash_one, 0}).defined());
  last.add({hash_one, 0}, row(1));
  last.find({hash_two, 0});
  last.find({hash_three, 0});
  last.save(250);  // not even the used rows fit
  EXPECT_EQ(open().size(), 2U);
}

TEST(FeatureCache, WithoutAFolderIsInMemory) {
  FeatureCache cache;
  cache.add({hash_one, 0}, row(1));
  EXPECT_TRUE(cache.find({hash_one, 0}).defined());
  cache.save();
}

TEST(FeatureKey, DependsOnBackboneAndPreprocessButNotOnTheHead) {
  const Model model = test::tiny_model({"a", "b"}, 3), other = test::tiny_model({"a", "b"}, 4);
  const auto key = [](const Model& m, const Preprocess& p) {
    return feature_key(*m.network, p, DecodeOptions().max_pixels, {});
  };
  const std::string first = key(model, model.preprocess);
  EXPECT_EQ(first.size(), 64U);
  EXPECT_NE(key(other, model.preprocess), first);
  Preprocess larger = model.preprocess;
  larger.crop = 17;
  EXPECT_NE(key(model, larger), first);
  for (const auto& change : std::vector<std::function<void(Preprocess&)>>{
           [](Preprocess& p) { p.exif = true; }, [](Preprocess& p) { p.alpha = "white"; },
           [](Preprocess& p) { p.decode = DecodeMode::fast; }, [](Preprocess& p) { p.fit = Fit::squash; }}) {
    Preprocess other_pixels = model.preprocess;
    change(other_pixels);
    EXPECT_NE(key(model, other_pixels), first);
  }
  Preprocess white = model.preprocess, digits = model.preprocess;
  white.alpha = "white";
  digits.alpha = "#FFF";
  EXPECT_EQ(key(model, white), key(model, digits));
  AugmentOptions erasing, closer;
  erasing.random_erase = 0.5;
  closer.min_scale = 0.5;
  for (const AugmentOptions& augmentation : {erasing, closer})
    EXPECT_NE(feature_key(*model.network, model.preprocess, DecodeOptions().max_pixels, augmentation), first);
  EXPECT_NE(feature_key(*model.network, model.preprocess, 1000, {}), first);
  model.network->reset_classifier(5);
  EXPECT_EQ(key(model, model.preprocess), first);
}

// The text that version 0.1 hashed, so that its cached features stay valid.
TEST(FeatureKey, IsThatOfEarlierVersionsForTheirSettings) {
  const Model model = test::tiny_model({"a", "b"});
  std::string text = "18 16 bilinear 0.485 0.456 0.406 0.229 0.224 0.225 exact 0.08";
  for (const NamedTensor& tensor : state_of(*model.network).tensors) {
    if (!tensor.name.starts_with("fc.")) text += "\n" + tensor.name + " " + sha256_hex(tensor.tensor.bytes);
  }
  EXPECT_EQ(feature_key(*model.network, model.preprocess, DecodeOptions().max_pixels, {}),
            sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

// The same for augmented views.
TEST(FeatureKey, OfAugmentedViewsIsThatOfVersion01) {
  const Model model = test::tiny_model({"a", "b"});
  std::string text =
      "18 16 bilinear 0.485 0.456 0.406 0.229 0.224 0.225 exact 0.35 auto_augment=none rand_ops=2 "
      "rand_magnitude=9 jitter_brightness=0 jitter_contrast=0 jitter_saturation=0 jitter_hue=0.1 "
      "random_erase=0";
  for (const NamedTensor& tensor : state_of(*model.network).tensors) {
    if (!tensor.name.starts_with("fc.")) text += "\n" + tensor.name + " " + sha256_hex(tensor.tensor.bytes);
  }
  AugmentOptions augmentation;
  augmentation.min_scale = 0.35;
  augmentation.jitter_hue = 0.1;
  EXPECT_EQ(feature_key(*model.network, model.preprocess, DecodeOptions().max_pixels, augmentation),
            sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
}

}  // namespace
}  // namespace graft
