// Tables of comma-separated values (RFC 4180): quoted fields may contain commas, line ends and doubled
// quotes. The separator may be another character. Also accepted: a UTF-8 byte order mark, lines that end in
// LF or CR alone, and blank lines, which are skipped.
//
//   CsvReader reader(text, "labels.csv");
//   std::vector<std::string> fields;
//   while (reader.next(fields)) use(fields, reader.line());
//
// Errors name file:line. For one thread; `text` must outlive the reader.
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace graft {

class CsvReader {
 public:
  // Longer text is not a table; it is refused before much of it is stored.
  static constexpr std::size_t max_field_bytes = 1 << 16;
  static constexpr std::size_t max_fields = 1000;

  // `name` is for messages; `separator` separates fields. Throws Error for UTF-16, which some programs write
  // as "Unicode text", and for a spreadsheet's native file.
  CsvReader(std::string_view text, std::string name, char separator = ',');

  // The next record's fields, or false at the end. Throws Error for a quote that is never closed or is
  // misplaced, a NUL byte, and a field or record above the limits. Does not check that the bytes are UTF-8;
  // the caller does.
  bool next(std::vector<std::string>& fields);

  // The next line, without its end, after skipping blank lines. Empty at the end of the text.
  std::string_view next_line();
  // Skips the next line.
  void skip_line();
  // The separator of the records that follow.
  void separate_by(char separator) { separator_ = separator; }
  char separator() const { return separator_; }

  // The line at which the last record read begins, from 1.
  std::size_t line() const { return record_line_; }
  // "labels.csv:7", for an Error about that record.
  std::string where() const;

 private:
  bool at_end() const { return at_ == text_.size(); }
  bool at_line_end() const { return at_end() || text_[at_] == '\n' || text_[at_] == '\r'; }
  void skip_line_end();
  std::string read_field();
  std::string read_quoted();
  void append(std::string& field, char c) const;
  [[noreturn]] void refuse(const std::string& problem, const std::string& advice) const;

  std::string_view text_;
  std::string name_;
  char separator_;
  std::size_t at_ = 0;
  std::size_t line_ = 1, record_line_ = 0;
};

// A field as a number. Throws Error, which names `where` and the column, if it is not a number.
double csv_value(const std::string& text, const std::string& column, const std::string& where);

// The records of a table that graft writes, each with its location ("labels.csv:7"). Throws Error if the
// first line is not `header` or a record has a different number of fields.
void read_csv_rows(
    const std::filesystem::path& path, const std::vector<std::string>& header,
    const std::function<void(const std::vector<std::string>& fields, const std::string& where)>& row);

// One record, ended by LF. Fields are quoted only where RFC 4180 requires it.
std::string csv_line(const std::vector<std::string>& fields);
// The shortest text that reads back as the same number; "nan" or "inf" if it is not finite.
std::string csv_number(double value);

}  // namespace graft
