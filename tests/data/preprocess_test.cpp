#include "graft/data/preprocess.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>

#include "graft/core/error.h"

namespace graft {
namespace {

std::string message_of(const std::function<void(Preprocess&)>& change) {
  Preprocess preprocess;
  change(preprocess);
  try {
    check_preprocess(preprocess, "model.safetensors");
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Preprocess, ErrorsNameInvalidValues) {
  EXPECT_EQ(message_of([](Preprocess&) {}), "no error");
  EXPECT_EQ(message_of([](Preprocess& p) { p.crop = 0; }),
            "model.safetensors: input crop of 0 pixels is outside 1 to 4096");
  EXPECT_EQ(message_of([](Preprocess& p) { p.resize = 1'000'000; }),
            "model.safetensors: input resize of 1000000 pixels is outside 1 to 8192");
  EXPECT_EQ(message_of([](Preprocess& p) { p.interpolation = Interpolation::lanczos; }),
            "model.safetensors: the input's interpolation is neither bilinear nor bicubic");
  EXPECT_EQ(message_of([](Preprocess& p) { p.mean[2] = std::nanf(""); }),
            "model.safetensors: the input's mean is not a finite number");
  EXPECT_EQ(message_of([](Preprocess& p) { p.alpha = "whit"; }),
            "model.safetensors: the input's alpha: \"whit\" is neither drop nor a colour; did you mean "
            "\"white\"?");
  for (const float std : {0.0F, -1.0F, std::nanf(""), HUGE_VALF}) {
    EXPECT_EQ(message_of([&](Preprocess& p) { p.std[0] = std; }),
              "model.safetensors: the input's std is not a number above 0");
  }
}

TEST(Preprocess, HasDecodeOptions) {
  Preprocess preprocess;
  preprocess.exif = true;
  preprocess.alpha = "#ffcc00";
  preprocess.decode = DecodeMode::fast;
  const DecodeOptions decode = decode_options_of(preprocess, 99);
  EXPECT_TRUE(decode.exif);
  EXPECT_EQ(decode.alpha, "#ffcc00");
  EXPECT_EQ(decode.decode, DecodeMode::fast);
  EXPECT_EQ(decode.max_pixels, 99U);
}

}  // namespace
}  // namespace graft
