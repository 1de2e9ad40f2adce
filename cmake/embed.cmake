# cmake -DOUTPUT=x.cpp -DFILES=a.html;b.css -DHEADER=graft/report/page_template.h -DFUNCTION=page_files -P embed.cmake
# Writes a C++ source whose function graft::FUNCTION(), declared in HEADER, returns the names and texts of the files.
set(entries "")
foreach(path IN LISTS FILES)
  file(READ "${path}" text)
  string(FIND "${text}" ")embedded\"" end)
  if(NOT end EQUAL -1)
    message(FATAL_ERROR "${path} holds )embedded\", which would end its string literal")
  endif()
  cmake_path(GET path FILENAME name)
  string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(WRITE "${OUTPUT}" "// Made by cmake/embed.cmake.
#include \"${HEADER}\"

namespace graft {
namespace {

constexpr EmbeddedFile files[] = {
${entries}};

}  // namespace

std::span<const EmbeddedFile> ${FUNCTION}() { return files; }

}  // namespace graft
")
