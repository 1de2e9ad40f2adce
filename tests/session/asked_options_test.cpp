#include "graft/session/asked_options.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace graft {
namespace {

std::string help_of(const std::vector<OptionRef>& options, const std::string& name) {
  return std::find_if(options.begin(), options.end(), [&](const auto& each) { return each.name == name; })
      ->help;
}

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

TEST(AskedOptions, HelpsNameTheValuesOfOtherPresets) {
  Recipe shown = preset("fast");
  const auto options = options_with_presets(shown);
  EXPECT_TRUE(
      ends_with(help_of(options, "epochs"), " (finetune, feature-extract: 25; probe, auto: 0; best: 15)"));
  EXPECT_FALSE(ends_with(help_of(options, "momentum"), ")")) << "the same in all presets";
  EXPECT_EQ(help_of(options, "preset").find("(finetune"), std::string::npos);
}

TEST(AskedOptions, APredictionHasWhatWasGivenOfItsOptions) {
  const AskedPrediction asked = asked_prediction({{"batch_size", "7"},
                                                  {"fit", "pad"},
                                                  {"tta", "flip"},
                                                  {"max_pixels", "99"},
                                                  {"threads", "3"},
                                                  {"lr", "1"}});
  EXPECT_EQ(asked.loader.batch_size, 7);
  EXPECT_EQ(asked.tta, Tta::flip);
  EXPECT_EQ(asked.max_pixels, 99U);
  EXPECT_EQ(asked.threads, 3);
  EXPECT_EQ(asked.device, "auto");
  EXPECT_EQ(asked.preprocess.fit, Fit::pad);
  EXPECT_FALSE(asked.preprocess.exif) << "the model's own holds";
}

}  // namespace
}  // namespace graft
