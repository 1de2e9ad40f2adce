// If the current folder has been removed, MKL, which libtorch loads before main(), ends the process with a
// message of its own. This check runs before any library.
#include <unistd.h>

#include <cerrno>
#include <string_view>

namespace {

void check_working_folder(int, char**, char**) {
  char path[16384];
  if (::getcwd(path, sizeof path) != nullptr || errno != ENOENT) return;
  constexpr std::string_view message =
      "graft: the present folder has been removed; change to another one (cd)\n";
  if (::write(STDERR_FILENO, message.data(), message.size()) < 0) ::_exit(1);
  ::_exit(1);
}

// Functions of this section run before those of shared libraries.
__attribute__((section(".preinit_array"),
               used)) void (*const before_libraries)(int, char**, char**) = check_working_folder;

}  // namespace
