// Every option is read: compares the tables of option structs with the code that uses their fields, as text.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/structure/source_texts.h"

namespace graft {
namespace {

struct Field {
  std::string owner, name;
};

// The lines of all tables of the library, except those in comments.
std::vector<Field> fields_of_tables() {
  static const std::regex line(R"((?:option|group)<&(\w+)::(\w+)>)"), comment("//[^\n]*");
  std::vector<Field> fields;
  for (const fs::path& path : sources_below(root / "graft")) {
    if (path.extension() != ".h") continue;
    const std::string text = std::regex_replace(text_of(path), comment, "");
    for (std::sregex_iterator match(text.begin(), text.end(), line), end; match != end; ++match)
      fields.push_back({(*match)[1], (*match)[2]});
  }
  return fields;
}

// Names after a dot or an arrow that are not assigned there.
std::set<std::string> names_read() {
  static const std::regex use(R"((?:\.|->)(\w+)\b(?!\s*=[^=]))");
  std::set<std::string> names;
  for (const fs::path& path : sources_below(root / "graft")) {
    const std::string text = text_of(path);
    for (std::sregex_iterator match(text.begin(), text.end(), use), end; match != end; ++match)
      names.insert((*match)[1]);
  }
  return names;
}

TEST(OptionTables, EveryFieldIsReadInTheLibrary) {
  const std::set<std::string> read = names_read();
  std::set<std::string> structs;
  for (const Field& field : fields_of_tables()) {
    structs.insert(field.owner);
    EXPECT_TRUE(read.count(field.name)) << field.owner << "::" << field.name << " is never read";
  }
  const std::set<std::string> known = {
      "AugmentOptions",  "CheckOptions",  "DataOptions",      "DecodeOptions",
      "DistillOptions",  "FindLrOptions", "Int8Options",      "LoaderOptions",
      "LossOptions",     "MixOptions",    "OptimizerOptions", "Recipe",
      "ScheduleOptions", "ServeOptions",  "TestTimeOptions",  "TrustOptions"};
  EXPECT_EQ(structs, known);
}

// Values that only the library sets are not options (LoaderPass): users can set every line of a table.
TEST(OptionTables, NoLineIsHidden) {
  for (const fs::path& path : sources_below(root / "graft"))
    EXPECT_EQ(text_of(path).find("internal<"), std::string::npos) << path;
}

}  // namespace
}  // namespace graft
