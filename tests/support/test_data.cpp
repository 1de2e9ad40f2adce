#include "tests/support/test_data.h"

#include <cstdlib>

#ifdef __SANITIZE_ADDRESS__
// fontconfig keeps its tables until the process ends.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig"; }  // NOLINT
#endif

namespace graft::test {

namespace fs = std::filesystem;

fs::path hymenoptera() {
  if (const char* given = std::getenv("GRAFT_TEST_DATA"); given != nullptr && *given != '\0') return given;
  const fs::path beside = fs::path(GRAFT_SOURCE_DIR) / "../shared/data/hymenoptera_data";
  return fs::is_directory(beside) ? beside : fs::path();
}

fs::path golden(const char* name) { return fs::path(GRAFT_SOURCE_DIR) / "tests/golden" / name; }

}  // namespace graft::test
