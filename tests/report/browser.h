// Opens a page in a browser that is installed on this machine, if there is one.
#pragma once

#include <filesystem>
#include <string>

namespace graft::test {

// The command, or empty. Chromium and Chrome know the same options.
std::string find_browser();
inline constexpr const char* no_browser = "install chromium to run this test";

// What the page told the console (errors, warnings, logs), a line each; a picture of the page is written to
// `screenshot`.
std::string console_of_page(const std::string& browser, const std::filesystem::path& page,
                            const std::filesystem::path& screenshot, bool dark);

}  // namespace graft::test
