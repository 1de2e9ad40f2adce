#include "graft/core/csv.h"

#include <charconv>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"

namespace graft {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string csv_field(const std::string& text) {
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

CsvReader::CsvReader(std::string_view text, std::string name, char separator)
    : text_(text), name_(std::move(name)), separator_(separator) {
  if (text_.starts_with("\xFF\xFE"sv) || text_.starts_with("\xFE\xFF"sv)) {
    throw Error(name_, "is UTF-16, not UTF-8", "save it as \"CSV UTF-8\"");
  }
  // The signatures of a zip archive (.xlsx, .ods) and of an OLE file (.xls).
  if (text_.starts_with("PK\x03\x04"sv) || text_.starts_with("\xD0\xCF\x11\xE0"sv))
    throw Error(name_, "is a spreadsheet or an archive, not a table in text",
                "save the sheet as \"CSV UTF-8\"");
  if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
}

std::string CsvReader::where() const { return name_ + ":" + std::to_string(record_line_); }

std::string_view CsvReader::next_line() {
  while (!at_end() && at_line_end()) skip_line_end();
  const std::string_view rest = text_.substr(at_);
  return rest.substr(0, rest.find_first_of("\r\n"));
}

void CsvReader::skip_line() {
  at_ += next_line().size();
  if (!at_end()) skip_line_end();
}

bool CsvReader::next(std::vector<std::string>& fields) {
  fields.clear();
  while (!at_end() && at_line_end()) skip_line_end();
  record_line_ = line_;
  if (at_end()) return false;
  for (;;) {
    if (fields.size() == max_fields) {
      refuse("has more than " + std::to_string(max_fields) + " fields", "check that it is a table");
    }
    fields.push_back(read_field());
    if (at_line_end()) break;
    ++at_;  // the separator
  }
  if (!at_end()) skip_line_end();
  return true;
}

// CR LF is one line end.
void CsvReader::skip_line_end() {
  at_ += text_.substr(at_).starts_with("\r\n") ? 2 : 1;
  ++line_;
}

// Up to the separator or the line's end.
std::string CsvReader::read_field() {
  if (!at_end() && text_[at_] == '"') return read_quoted();
  std::string field;
  for (; !at_line_end() && text_[at_] != separator_; ++at_) {
    if (text_[at_] == '"') {
      refuse("has a quote in the middle of a field", "put the field in quotes and double the quote");
    }
    append(field, text_[at_]);
  }
  return field;
}

std::string CsvReader::read_quoted() {
  std::string field;
  for (++at_; !at_end(); ++at_) {
    const char c = text_[at_];
    if (c == '"') {
      if (!text_.substr(at_ + 1).starts_with('"')) break;
      ++at_;
    } else if (c == '\n' || (c == '\r' && !text_.substr(at_ + 1).starts_with('\n'))) {
      ++line_;
    }
    append(field, c);
  }
  if (at_end())
    refuse("opens a quote that is never closed", "close it, or double it if it is part of the field");
  ++at_;  // the quote
  if (!at_line_end() && text_[at_] != separator_) {
    refuse("continues after a closing quote", "double a quote that is part of the field");
  }
  return field;
}

void CsvReader::append(std::string& field, char c) const {
  if (c == '\0') refuse("holds a NUL byte", "check that it is text");
  if (field.size() == max_field_bytes) {
    refuse("has a field of more than " + std::to_string(max_field_bytes) + " bytes",
           "look for a quote that is not closed");
  }
  field += c;
}

void CsvReader::refuse(const std::string& problem, const std::string& advice) const {
  throw Error(where(), problem, advice);
}

double csv_value(const std::string& text, const std::string& column, const std::string& where) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end)
    throw Error(where, "the " + column + " \"" + shorten(text) + "\" is not a number");
  return value;
}

void read_csv_rows(
    const std::filesystem::path& path, const std::vector<std::string>& header,
    const std::function<void(const std::vector<std::string>& fields, const std::string& where)>& row) {
  const std::string text = read_text(path);
  CsvReader reader(text, path.string());
  std::vector<std::string> fields;
  if (!reader.next(fields) || fields != header)
    throw Error(path.string() + ":1", "does not begin with " + join(header, ","));
  while (reader.next(fields)) {
    if (fields.size() != header.size())
      throw Error(reader.where(),
                  "has " + counted(fields.size(), "field") + ", not " + std::to_string(header.size()),
                  "restore the file");
    row(fields, reader.where());
  }
}

std::string csv_line(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) line += (i > 0 ? "," : "") + csv_field(fields[i]);
  return line + "\n";
}

std::string csv_number(double value) {
  char text[32];
  const auto result = std::to_chars(text, text + sizeof text, value);
  return {text, result.ptr};
}

}  // namespace graft
