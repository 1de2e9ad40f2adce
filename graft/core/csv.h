// Tables of comma-separated values, as RFC 4180 has them: fields in quotes may hold commas, line ends and
// doubled quotes. Another separator than the comma may be given. Also taken: a UTF-8 byte order mark, lines
// that end in LF or CR alone, blank lines (which are passed over).
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
  // What is longer is no table, and is refused before much of it is kept.
  static constexpr std::size_t max_field_bytes = 1 << 16;
  static constexpr std::size_t max_fields = 1000;

  // `name` is for messages; `separator` stands between fields. Throws Error for UTF-16, which some programs
  // write as "Unicode text", and for a spreadsheet's own file.
  CsvReader(std::string_view text, std::string name, char separator = ',');

  // The next record's fields, or false at the end. Throws Error: a quote that is never closed or stands where
  // none may, a NUL byte, a field or record above the limits. Bytes are taken as they are: whether they are
  // UTF-8 is for the caller to ask.
  bool next(std::vector<std::string>& fields);

  // The line that comes next, without its end; blank lines before it are passed over. Empty at the end.
  std::string_view next_line();
  // Passes over the line that comes next.
  void skip_line();
  // Of the records that come next.
  void separate_by(char separator) { separator_ = separator; }
  char separator() const { return separator_; }

  // Where the record that was read last begins, from 1.
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

// A field as a number. Throws Error that names `where` and the column for anything else.
double csv_value(const std::string& text, const std::string& column, const std::string& where);

// The records of a table that graft writes, each with where it is ("labels.csv:7"). Throws Error where the
// first line is not `header`, and where a record has another number of fields.
void read_csv_rows(
    const std::filesystem::path& path, const std::vector<std::string>& header,
    const std::function<void(const std::vector<std::string>& fields, const std::string& where)>& row);

// One record, with a newline alone at its end. A field is quoted where it must be.
std::string csv_line(const std::vector<std::string>& fields);
// The shortest text that reads back as the same number; "nan" and "inf" for what is none.
std::string csv_number(double value);

}  // namespace graft
