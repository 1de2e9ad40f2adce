// Templates of the pages: the files in graft/report/page, which the build puts into the library, and how
// their placeholders are filled. Internal. Thread-safe.
//
//   fill_block("report.html", "no_model", {{"file", "model.safetensors"}})
//
// A file consists of blocks; each begins after a line <!-- block: NAME --> and ends before the next. A
// placeholder is {{name}}. Templates and values are both graft's own, so a mismatch is a mistake in graft:
// std::logic_error.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

namespace graft {

// HTML, CSS or a script that is put in as it is.
struct Markup {
  std::string text;
};

// The value of a placeholder. Text is escaped (escape_html), markup is not; neither is searched for
// placeholders.
struct FillValue {
  FillValue(std::string_view placeholder, std::string_view value);
  FillValue(std::string_view placeholder, Markup value);

  std::string_view name;
  std::string html;
};

// Throws where a placeholder has no value, and where a value has no placeholder.
std::string fill(std::string_view text, std::initializer_list<FillValue> values);

// A block with its last line break, filled. Throws besides where the file has no such block.
std::string fill_block(std::string_view file, std::string_view block,
                       std::initializer_list<FillValue> values = {});

struct EmbeddedFile {
  std::string_view name, text;
};

// All files of graft/report/page (cmake/embed.cmake).
std::span<const EmbeddedFile> page_files();

// The whole of one. Throws where there is none of that name.
std::string_view page_file(std::string_view name);

}  // namespace graft
