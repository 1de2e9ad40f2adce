// Opens a page in an installed browser, if any.
#pragma once

#include <filesystem>
#include <string>

namespace graft::test {

// The command, or empty. Chromium and Chrome have the same options.
std::string find_browser();
inline constexpr const char* no_browser = "install chromium to run this test";

// The console messages of the page (errors, warnings, logs), one per line; writes an image of the page to
// `screenshot`.
std::string console_of_page(const std::string& browser, const std::filesystem::path& page,
                            const std::filesystem::path& screenshot, bool dark);

}  // namespace graft::test
