// The other direction of csv.h: records as RFC 4180 has them; lines end with a newline alone.
#pragma once

#include <string>
#include <vector>

namespace graft {

// One record with its newline. A field is quoted where it must be.
std::string csv_line(const std::vector<std::string>& fields);
// The shortest text that reads back as the same number; "nan" and "inf" for what is none.
std::string csv_number(double value);

}  // namespace graft
