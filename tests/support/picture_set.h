// Small datasets of generated pictures that a small network can learn.
#pragma once

#include <string>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace graft::test {

// The bytes of a PPM file: the colour of class `label`, with a pattern that depends on `number`.
std::string generated_picture(int label, int number, int height = 40, int width = 50);

// Writes PART/CLASS/N.ppm for each class, `count` pictures each, numbered from `first`. `part` may be empty.
void write_pictures(const TemporaryFolder& folder, const std::string& part,
                    const std::vector<std::string>& classes, int count, int first = 0);

// train/ with 8 and val/ with 4 pictures of each class.
void write_data_set(const TemporaryFolder& folder,
                    const std::vector<std::string>& classes = {"blue", "green", "red"});

}  // namespace graft::test
