// A test parameter: bytes that must be refused.
#pragma once

#include <ostream>
#include <string>

namespace graft::test {

struct Refusal {
  const char* name;  // of the test
  std::string bytes;
  const char* problem;  // part of the message
};

// By default GoogleTest prints the bytes of the struct, including padding.
inline void PrintTo(const Refusal& refusal, std::ostream* out) { *out << refusal.name; }

}  // namespace graft::test
