#include "tests/report/browser.h"

#include <cstdlib>
#include <fstream>

#include "tests/support/temporary_folder.h"

namespace graft::test {

std::string find_browser() {
  for (const char* name : {"chromium", "chromium-browser", "google-chrome"}) {
    if (std::system((std::string("command -v ") + name + " >/dev/null 2>&1").c_str()) == 0) return name;
  }
  return "";
}

std::string console_of_page(const std::string& browser, const std::filesystem::path& page,
                            const std::filesystem::path& screenshot, bool dark) {
  const TemporaryFolder folder;  // a separate profile and log
  const std::string log = (folder.path() / "log").string();
  const std::string command =
      "timeout 120 " + browser +
      " --headless --no-sandbox --disable-gpu --hide-scrollbars --enable-logging=stderr"
      " --window-size=1200,3000 --blink-settings=preferredColorScheme=" +
      (dark ? "0" : "1") + " --user-data-dir='" + folder.path().string() + "/profile' --screenshot='" +
      screenshot.string() + "' 'file://" + page.string() + "' 2>'" + log + "' >&2 </dev/null";
  if (std::system(command.c_str()) != 0) return "the browser failed";
  std::string lines, line;
  for (std::ifstream file(log); std::getline(file, line);) {
    if (line.find("CONSOLE") != std::string::npos) lines += line + "\n";
  }
  return lines;
}

}  // namespace graft::test
