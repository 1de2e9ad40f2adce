// Tests of the architecture: which stage may include which, and that every source and test is in the build.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/structure/source_texts.h"

namespace graft {
namespace {

using Names = std::set<std::string>;

// The names after the word in graft_stage(<stage> … <word> …) of a stage's CMakeLists.txt.
Names listed(const std::string& stage, const std::string& word) {
  std::istringstream text(text_of(root / "graft" / stage / "CMakeLists.txt"));
  Names names;
  bool within = false;
  for (std::string each; text >> each;) {
    const bool last = each.back() == ')';
    if (last) each.pop_back();
    if (within && std::regex_match(each, std::regex("[A-Z_]+"))) break;
    if (within) names.insert(each);
    if (each == word) within = true;
    if (last) break;
  }
  return names;
}

// In the order of the data flow.
std::vector<std::string> stages() {
  static const std::regex lines(R"(foreach\(stage ([a-z ]+)\)|add_subdirectory\(([a-z]+)\))");
  const std::string text = text_of(root / "graft" / "CMakeLists.txt");
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), lines), end; match != end; ++match) {
    std::istringstream names((*match)[1].str() + (*match)[2].str());
    for (std::string name; names >> name;) found.push_back(name);
  }
  return found;
}

bool needs_torch(const std::string& stage) {
  const std::string text = text_of(root / "graft" / stage / "CMakeLists.txt");
  return text.find("graft_stage(" + stage + " TORCH") != std::string::npos;
}

bool is_compiled_alone(const std::string& stage) {
  const std::string text = text_of(root / "graft" / stage / "CMakeLists.txt");
  return text.find("graft_stage(" + stage + " ALONE") != std::string::npos;
}

std::vector<std::string> includes_of(const fs::path& path) {
  static const std::regex include("#include [<\"]([^>\"]+)[>\"]");
  const std::string text = text_of(path);
  std::vector<std::string> names;
  for (std::sregex_iterator match(text.begin(), text.end(), include), end; match != end; ++match) {
    names.push_back((*match)[1]);
  }
  return names;
}

// "graft/data/folder.h" -> "data"; empty outside the stages.
std::string stage_of(const std::string& include) {
  if (include.rfind("graft/", 0) != 0) return "";
  return include.substr(6, include.find('/', 6) - 6);
}

bool is_torch(const std::string& include) {
  return std::regex_search(include, std::regex("^(torch|ATen|c10)/"));
}

TEST(Layers, EveryFolderIsAStage) {
  const std::vector<std::string> known = stages();
  for (const auto& entry : fs::directory_iterator(root / "graft")) {
    if (!entry.is_directory()) continue;
    EXPECT_EQ(std::count(known.begin(), known.end(), entry.path().filename().string()), 1) << entry.path();
  }
}

TEST(Layers, AStageLinksOnlyEarlierOnes) {
  Names earlier;
  for (const std::string& stage : stages()) {
    for (const std::string& other : listed(stage, "LINKS"))
      EXPECT_TRUE(earlier.count(other)) << stage << " links " << other;
    earlier.insert(stage);
  }
}

TEST(Layers, AStageIncludesOnlyWhatItLinks) {
  for (const std::string& stage : stages()) {
    const Names allowed = listed(stage, "LINKS");
    for (const fs::path& path : sources_below(root / "graft" / stage)) {
      for (const std::string& include : includes_of(path)) {
        const std::string other = stage_of(include);
        EXPECT_TRUE(other.empty() || other == stage || allowed.count(other))
            << path << " includes " << include;
        EXPECT_NE(include.rfind("cli/", 0), 0U) << path << " includes " << include;
        EXPECT_NE(include, "graft.h") << path;
        EXPECT_TRUE(needs_torch(stage) || !is_torch(include)) << path << " includes " << include;
      }
    }
  }
}

// Neither the program, the C interface nor the torch-free public headers include torch, directly or
// indirectly.
TEST(Layers, TheProgramAndTheCInterfaceDoNotIncludeTorch) {
  std::vector<std::string> waiting = {"graft/infer/predictor.h", "graft/train/recipe.h",
                                      "graft/session/run.h"};
  for (const char* folder : {"c", "cli"}) {
    for (const fs::path& path : sources_below(root / folder))
      waiting.push_back(path.lexically_relative(root).generic_string());
  }
  Names seen(waiting.begin(), waiting.end());
  while (!waiting.empty()) {
    const std::string header = waiting.back();
    waiting.pop_back();
    for (const std::string& include : includes_of(root / header)) {
      EXPECT_FALSE(is_torch(include)) << header << " includes " << include;
      if (!stage_of(include).empty() && seen.insert(include).second) waiting.push_back(include);
    }
  }
}

// The functions of std::filesystem that look at the disk throw their own exceptions, without advice.
TEST(Layers, OnlyTheDoorToTheDiskLooksAtIt) {
  const std::regex looks(
      "(fs|filesystem)::(absolute|canonical|weakly_canonical|exists|equivalent|status|is_[a-z_]+|"
      "file_size|create_[a-z]+|remove|rename|copy[a-z_]*|current_path|read_symlink)\\(");
  for (const char* folder : {"graft", "c", "cli"}) {
    for (const fs::path& path : sources_below(root / folder)) {
      if (path.filename() == "files.cpp" || path.filename() == "file_lock.cpp") continue;
      std::smatch found;
      const std::string text = text_of(path);
      EXPECT_FALSE(std::regex_search(text, found, looks)) << path << " " << found.str();
    }
  }
}

// The library names options by their fields, which every program displays in its own way. Pages and model
// cards name the program's commands, and style sheets have variables of that form.
TEST(Layers, NoStageNamesAFlag) {
  const std::regex flag("\"[^\"\n]*--[a-z][^\"\n]*\"");
  for (const std::string& stage : stages()) {
    if (stage == "report") continue;
    for (const fs::path& path : sources_below(root / "graft" / stage)) {
      if (path.filename() == "model_card.cpp") continue;
      std::istringstream lines(text_of(path));
      for (std::string line; std::getline(lines, line);) {
        if (line.find_first_not_of(' ') == line.find("//")) continue;
        EXPECT_FALSE(std::regex_search(line, flag)) << path << ": " << line;
      }
    }
  }
}

// To the linker, two classes with one name in two headers are one: it keeps the functions of either.
TEST(Layers, EveryTypeOfAHeaderHasAUniqueName) {
  const std::regex definition("\n(?:class|struct) (\\w+)(?: : [^\n]*)? \\{");
  std::map<std::string, fs::path> seen;
  for (const fs::path& path : sources_below(root / "graft")) {
    if (path.extension() != ".h") continue;
    const std::string text = text_of(path);
    for (std::sregex_iterator match(text.begin(), text.end(), definition), end; match != end; ++match) {
      const auto [other, first] = seen.emplace((*match)[1], path);
      EXPECT_TRUE(first) << (*match)[1] << " is defined in " << path << " and in " << other->second;
    }
  }
}

// The public interface is complete and small. A header becomes public if programs call what it declares; what
// another header needs for its private parts is forward-declared there.
constexpr std::size_t max_public_headers = 54;

TEST(Layers, PublicHeadersAreFew) {
  std::size_t count = 0;
  for (const std::string& stage : stages()) {
    const Names headers = listed(stage, "PUBLIC_HEADERS");
    count += headers.size();
    for (const std::string& header : headers)
      EXPECT_TRUE(fs::exists(root / "graft" / stage / header)) << stage << "/" << header;
  }
  EXPECT_GT(count, stages().size());
  EXPECT_LE(count, max_public_headers);
}

TEST(Layers, PublicHeadersIncludeOnlyPublicHeaders) {
  for (const std::string& stage : stages()) {
    for (const std::string& header : listed(stage, "PUBLIC_HEADERS")) {
      for (const std::string& include : includes_of(root / "graft" / stage / header)) {
        const std::string other = stage_of(include);
        EXPECT_TRUE(other.empty() ||
                    listed(other, "PUBLIC_HEADERS").count(fs::path(include).filename().string()))
            << stage << "/" << header << " includes " << include << ", which is not a public header";
      }
    }
  }
}

TEST(Layers, ExamplesUseOnlyPublicHeaders) {
  for (const fs::path& path : sources_below(root / "examples")) {
    for (const std::string& include : includes_of(path)) {
      const std::string stage = stage_of(include);
      if (stage.empty()) continue;
      EXPECT_TRUE(listed(stage, "PUBLIC_HEADERS").count(fs::path(include).filename().string()))
          << path << " includes " << include << ", which is not a public header";
    }
  }
}

// Listed in its folder's CMakeLists.txt, or as "../folder/name" in another folder's.
bool is_in_the_build(const fs::path& path) {
  const fs::path folder = path.parent_path();
  const std::string name = path.filename().string();
  if (std::regex_search(text_of(folder / "CMakeLists.txt"), std::regex("\\b" + name + "\\b"))) return true;
  for (const auto& neighbour : fs::directory_iterator(folder.parent_path())) {
    const std::string from_there = "../" + folder.filename().string() + "/" + name;
    if (text_of(neighbour.path() / "CMakeLists.txt").find(from_there) != std::string::npos) return true;
  }
  return false;
}

TEST(Layers, EverySourceAndEveryTestIsInTheBuild) {
  for (const char* folder : {"graft", "c", "cli", "tests", "examples", "fuzz"}) {
    for (const fs::path& path : sources_below(root / folder)) {
      EXPECT_TRUE(path.extension() == ".h" || is_in_the_build(path)) << path << " is not in the build";
    }
  }
}

TEST(Layers, TestsMirrorSources) {
  for (const fs::path& path : sources_below(root / "tests")) {
    const std::string stage = path.parent_path().filename().string();
    if (!fs::is_directory(root / "graft" / stage) ||
        path.filename().string().find("_test.cpp") == std::string::npos)
      continue;
    std::string name = path.stem().string();
    name.resize(name.size() - std::string("_test").size());
    const fs::path source = root / "graft" / stage / name;
    EXPECT_TRUE(fs::exists(source.string() + ".cpp") || fs::exists(source.string() + ".h"))
        << path << " has no source of the same name";
  }
}

// The functions, classes and constants that a source defines in its unnamed namespaces.
Names unnamed_names(const fs::path& path) {
  static const std::regex type(R"(^(?:class|struct|enum class) (\w+))");
  static const std::regex function(R"(^[A-Za-z][\w:<>,&* ()\[\]]*?\b(\w+)\()");
  static const std::regex constant(R"(^constexpr .*?\b(\w+) (?:= |\{))");
  std::istringstream lines(text_of(path));
  Names names;
  bool within = false;
  for (std::string line; std::getline(lines, line);) {
    if (line == "namespace {") within = true;
    if (line == "}  // namespace") within = false;
    std::smatch match;
    if (within && !line.starts_with("using ") &&
        (std::regex_search(line, match, type) || std::regex_search(line, match, constant) ||
         std::regex_search(line, match, function)))
      names.insert(match[1]);
  }
  return names;
}

// A group of sources is one source to the compiler (graft_compile_in_groups): of two functions with one name,
// a call could find the wrong one.
TEST(Layers, UnnamedNamesAreUniqueWhereSourcesAreCompiledInGroups) {
  std::vector<fs::path> folders = {root / "cli"};
  for (const std::string& stage : stages()) {
    if (!is_compiled_alone(stage)) folders.push_back(root / "graft" / stage);
  }
  std::size_t count = 0;
  for (const fs::path& folder : folders) {
    std::map<std::string, fs::path> owner;
    for (const fs::path& path : sources_below(folder)) {
      if (path.extension() != ".cpp") continue;
      for (const std::string& name : unnamed_names(path)) {
        const auto [first, is_new] = owner.emplace(name, path);
        EXPECT_TRUE(is_new) << name << " is in " << path << " and " << first->second;
        ++count;
      }
    }
  }
  EXPECT_GT(count, 300U);  // the sources are understood
}

}  // namespace
}  // namespace graft
