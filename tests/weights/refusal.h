// Bytes that must be refused, as the parameter of a test.
#pragma once

#include <ostream>
#include <string>

namespace graft::test {

struct Refusal {
  const char* name;  // of the test
  std::string bytes;
  const char* problem;  // a part of the message
};

// GoogleTest would show the bytes of the struct, padding among them.
inline void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }

}  // namespace graft::test
