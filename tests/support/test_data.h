// The folders of the tests' pictures and goldens.
#pragma once

#include <filesystem>

namespace graft::test {

// The hymenoptera pictures: $GRAFT_TEST_DATA, or shared/data/hymenoptera_data beside the sources; empty if
// neither exists. Use: `if (hymenoptera().empty()) GTEST_SKIP() << no_hymenoptera;`
std::filesystem::path hymenoptera();
inline constexpr const char* no_hymenoptera =
    "set GRAFT_TEST_DATA to the folder hymenoptera_data to run this test";

// tests/golden/NAME in the sources.
std::filesystem::path golden(const char* name);

}  // namespace graft::test
