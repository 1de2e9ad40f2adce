// Templates of the pages: the files in graft/report/page, which the build embeds into the library, and the
// functions that fill them. Internal. Thread-safe.
//
//   fill_block("report.html", "no_model", {{"file", "model.safetensors"}})
//
// A file consists of blocks; each begins after a line <!-- block: NAME --> and ends before the next. A
// placeholder is {{name}}. Templates and values are both part of graft, so a mismatch is a bug in graft:
// std::logic_error.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "graft/core/embedded_file.h"

namespace graft {

// HTML, CSS or a script that is inserted unchanged.
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

// Throws if a placeholder has no value or a value has no placeholder.
std::string fill(std::string_view text, std::initializer_list<FillValue> values);

// The file with the blocks of a run's report.
inline constexpr const char* report_blocks = "report.html";

// A filled block, including its last line break. Also throws if the file has no such block.
std::string fill_block(std::string_view file, std::string_view block,
                       std::initializer_list<FillValue> values = {});

// All files of graft/report/page (cmake/embed.cmake).
std::span<const EmbeddedFile> page_files();

// The contents of a file. Throws for an unknown name.
std::string_view page_file(std::string_view name);

}  // namespace graft
