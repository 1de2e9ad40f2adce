// A page of the tutorial as a program: its includes, and its statements, one block after another.
//
//   tutorial FOLDER MODEL EPOCHS
#include TUTORIAL_HEADERS

#include <cstdlib>
#include <exception>

namespace {

void tutorial(const std::string& folder, const std::string& model_name, int epochs) {
#include TUTORIAL_STATEMENTS
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 4) tutorial(argv[1], argv[2], std::atoi(argv[3]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "tutorial: %s\n", error.what());
    return 1;
  }
  return argc == 4 ? 0 : 2;
}
