// Comma-separated values as RFC 4180 has them; lines end with a newline alone.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace graft {

struct CsvRecord {
  int line = 0;  // where it begins, from 1
  std::vector<std::string> fields;
};

// One record with its newline. A field is quoted where it must be.
std::string csv_line(const std::vector<std::string>& fields);
// The shortest text that reads back as the same number; "nan" and "inf" for what is none.
std::string csv_number(double value);

// Records may end with \n or \r\n; empty lines are left out. Throws Error with `name` and the line for a
// quote that is not closed or stands where none may.
std::vector<CsvRecord> parse_csv(std::string_view text, const std::string& name);

}  // namespace graft
