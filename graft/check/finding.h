// One kind of thing that is to be said of a data set, and the pictures that it is said of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace graft {

// problem: a training would stop, or its figures would be wrong. note: good to know.
enum class Severity { problem, note };

struct FindingItem {
  std::vector<std::uint32_t> pictures;  // indices into CheckReport::pictures; those that belong together
  std::string detail;                   // "differ in 2 of 64 bits", "120 x 80"; may be empty
};

// In `items` one for each picture, group of pictures or class that it is said of. The texts are literals.
struct Finding {
  const char* name;  // stable: what scripts ask for
  Severity severity;
  const char* what;    // "pictures that cannot be read"
  const char* advice;  // what to do about it
  std::vector<FindingItem> items;
};

}  // namespace graft
