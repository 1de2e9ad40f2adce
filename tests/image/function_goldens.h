// Compares a function of the image stage with tests/golden/augment, made by torchvision.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/image/pixels.h"

namespace graft::test {

// `change(image, value)` → Image, for every line of functions.json and sweeps.json with this function.
template <class Change>
void expect_torchvisions(const std::string& function, const Change& change) {
  int seen = 0;
  for (const auto& line : augment_golden("functions.json")) {
    if (line["function"] != function) continue;
    const Image image = change(augment_picture(line["picture"]), line["value"].get<double>());
    EXPECT_EQ(pixel_hash(image.view()), line["pixels"]) << line;
    ++seen;
  }
  EXPECT_GE(seen, 4);  // the pictures
  for (const auto& line : augment_golden("sweeps.json")) {
    if (line["function"] != function) continue;
    PixelHash hash;
    const Image picture = augment_picture(line["picture"]);
    for (int i = line["from"]; i <= line["to"]; ++i)
      hash.add(change(picture.clone(), i / line["divisor"].get<double>()).view());
    EXPECT_EQ(hash.text(), line["pixels"]) << line;
  }
}

// The same for a function that changes the image in place.
template <class Change>
void expect_torchvisions_in_place(const std::string& function, const Change& change) {
  expect_torchvisions(function, [&](Image image, double value) {
    change(image, value);
    return image;
  });
}

}  // namespace graft::test
