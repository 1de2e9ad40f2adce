// The architecture as a test: which stage may include which, and that no source or test is left out of the
// build.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace graft {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const fs::path root = GRAFT_SOURCE_DIR;

// The column "may include" of docs/architecture.md.
const std::map<std::string, Names> may_include = {
    {"core", {}},
    {"image", {"core"}},
    {"weights", {"core"}},
    {"data", {"core", "image"}},
    {"check", {"core", "image", "weights", "data"}},
    {"run", {"core"}},
    {"report", {"core", "image", "run"}},
    {"device", {"core"}},
    {"models", {"core", "data", "weights", "device", "run"}},
    {"evaluate", {"core", "data", "device", "image", "models", "report", "run"}},
    {"train", {"core", "image", "weights", "data", "run", "device", "models", "evaluate"}},
};
const Names torch_free = {"core", "image", "weights", "data", "check", "run", "report"};

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<fs::path> sources_below(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string ending = entry.path().extension().string();
    if (ending == ".h" || ending == ".cpp") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
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

// "graft/data/folder.h" -> "data"; empty for what is not of a stage.
std::string stage_of(const std::string& include) {
  if (include.rfind("graft/", 0) != 0) return "";
  return include.substr(6, include.find('/', 6) - 6);
}

bool is_torch(const std::string& include) {
  return std::regex_search(include, std::regex("^(torch|ATen|c10)/"));
}

TEST(Layers, EveryStageIsInTheTable) {
  for (const auto& entry : fs::directory_iterator(root / "graft")) {
    if (!entry.is_directory()) continue;
    EXPECT_TRUE(may_include.count(entry.path().filename().string())) << entry.path();
  }
}

TEST(Layers, AStageIncludesOnlyWhatItMay) {
  for (const auto& [stage, allowed] : may_include) {
    for (const fs::path& path : sources_below(root / "graft" / stage)) {
      for (const std::string& include : includes_of(path)) {
        const std::string other = stage_of(include);
        EXPECT_TRUE(other.empty() || other == stage || allowed.count(other))
            << path << " includes " << include;
        EXPECT_NE(include.rfind("cli/", 0), 0U) << path << " includes " << include;
      }
    }
  }
}

TEST(Layers, WhatNeedsNoTorchIncludesNone) {
  for (const std::string& stage : torch_free) {
    for (const fs::path& path : sources_below(root / "graft" / stage)) {
      for (const std::string& include : includes_of(path)) {
        EXPECT_FALSE(is_torch(include)) << path << " includes " << include;
      }
    }
  }
}

// Public headers beyond torch's border that promise to need none of it.
TEST(Layers, WhoOnlyPredictsOrReadsARecipePaysForNoTorch) {
  std::vector<std::string> waiting = {"graft/evaluate/predictor.h", "graft/train/recipe.h"};
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

// Two classes of one name in two headers are one to the linker, which keeps the functions of either.
TEST(Layers, EveryTypeOfAHeaderHasANameOfItsOwn) {
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

TEST(Layers, ExamplesUsePublicHeadersAlone) {
  for (const fs::path& path : sources_below(root / "examples")) {
    for (const std::string& include : includes_of(path)) {
      const std::string stage = stage_of(include);
      if (stage.empty()) continue;
      const std::string lists = text_of(root / "graft" / stage / "CMakeLists.txt");
      const std::string public_part = lists.substr(0, lists.find("SOURCES"));
      EXPECT_NE(public_part.find(fs::path(include).filename().string()), std::string::npos)
          << path << " includes " << include << ", which is not a public header";
    }
  }
}

// Named in its folder's CMakeLists.txt, or as "../folder/name" in a neighbour's.
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
  for (const char* folder : {"graft", "cli", "tests", "examples", "fuzz"}) {
    for (const fs::path& path : sources_below(root / folder)) {
      EXPECT_TRUE(path.extension() == ".h" || is_in_the_build(path)) << path << " is not in the build";
    }
  }
}

TEST(Layers, ATestStandsWhereItsSourceStands) {
  for (const fs::path& path : sources_below(root / "tests")) {
    const std::string stage = path.parent_path().filename().string();
    if (!may_include.count(stage) || path.filename().string().find("_test.cpp") == std::string::npos)
      continue;
    std::string name = path.stem().string();
    name.resize(name.size() - std::string("_test").size());
    const fs::path source = root / "graft" / stage / name;
    EXPECT_TRUE(fs::exists(source.string() + ".cpp") || fs::exists(source.string() + ".h"))
        << path << " tests no source of its name";
  }
}

}  // namespace
}  // namespace graft
