// Finds problems in a dataset before training.
//
//   const CheckReport report = check_data_set("data");
//   for (const Finding& finding : report.findings) ...
//
// docs/check.md lists the findings and their severity.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/core/progress.h"
#include "graft/data/folder.h"
#include "graft/image/codec.h"

namespace graft {

struct CheckOptions {
  bool near = true;
  // From the measurements in docs/check.md: copies of a picture with other compression, size or brightness
  // are within 8; different photographs are beyond 12.
  int near_distance = 8;
  int input_size = 224;
  int few_pictures = 10;
  double imbalance = 10;
  double elongation = 4;
  int workers = 0;
  DataOptions data;
  // `fast` by default: a hash needs few pixels.
  DecodeOptions decode = {.decode = DecodeMode::fast};
};
inline constexpr auto check_options = options_of<CheckOptions>(
    option<&CheckOptions::near>("look for pictures that look alike"),
    option<&CheckOptions::near_distance>(
        0, 15, "pictures look alike if their hashes differ in at most this many of 64 bits"),
    option<&CheckOptions::input_size>(1, 4096, "side of the network's input; smaller pictures are reported"),
    option<&CheckOptions::few_pictures>(0, 1e9, "classes with fewer training pictures are reported"),
    option<&CheckOptions::imbalance>(1, 1e9,
                                     "classes that another class outnumbers this many times are reported"),
    option<&CheckOptions::elongation>(
        1, 1e9, "pictures whose longer side is this many times the shorter are reported"),
    option<&CheckOptions::workers>(0, 1024, "threads that read pictures; 0: one per available processor"),
    group<&CheckOptions::data>(data_options), group<&CheckOptions::decode>(decode_options));

// problem: training would stop, or its metrics would be wrong. note: for information.
enum class Severity { problem, note };

struct FindingItem {
  std::vector<std::uint32_t> pictures;  // indices into CheckReport::pictures; one group
  std::string detail;                   // "differ in 2 of 64 bits", "120 x 80"; may be empty
  std::string file = {};                // a file that is not a picture of the dataset; may be empty
};

// `items` has one entry per picture, group of pictures or class concerned. The texts are literals.
struct Finding {
  const char* name;  // stable, for scripts
  Severity severity;
  const char* what;    // "pictures that cannot be read"
  const char* advice;  // what to do about it
  std::vector<FindingItem> items;
};

struct CheckReport {
  std::vector<std::string> classes;                       // for numbers, the name of the number
  LabelKind labels = LabelKind::single;                   // of the pictures, or as asked; never automatic
  std::vector<Sample> pictures;                           // of training, of validation, of the test part
  std::size_t train = 0;                                  // number of training pictures
  bool split = false;                                     // validation was split off by DataOptions
  std::vector<Finding> findings;                          // problems first; none without items
  std::vector<std::shared_ptr<const Dataset>> sources{};  // keep the pictures' Datasets alive; none for files
  std::size_t test = 0;                                   // number of test pictures
  bool test_split = false;                                // they were split off by DataOptions
  // What judged the labels of `pictures`, for people; empty if nothing did.
  std::string label_judge = {};

  std::size_t val() const { return pictures.size() - train - test; }
  std::int64_t count(Severity severity) const;  // findings, not items
};

// Accepts what open_data_set accepts. An error of that function is a finding if there are pictures to check;
// otherwise it is thrown. Throws UsageError for options out of range. Reads every picture once, with the
// number of threads in `options`; keeps about 200 bytes per picture besides its path.
CheckReport check_data_set(const DataSource& data, const CheckOptions& options = {},
                           const ProgressCallback& progress = {});

// Adds the findings that have items, in the order of their severity.
void add_findings(CheckReport& report, std::vector<Finding> findings);

// "problem", "note"
const char* name_of(Severity severity);

// The paths of an item's pictures.
std::vector<std::string> paths_of(const FindingItem& item, const CheckReport& report);

// The report as one line of JSON (docs/check.md). Options in advice and details are named by what `word_for`
// returns (core/option_words.h).
std::string to_json(const CheckReport& report,
                    const std::function<std::string(const std::string& option)>& word_for = quoted_option);

// The report for people: lines with their ends, in which control characters of names are escaped
// (core/escape.h). Of each finding the first five items, or `all`.
std::string to_text(const CheckReport& report, bool all = false,
                    const std::function<std::string(const std::string& option)>& word_for = quoted_option);

// A sentence for each of the options `given` for the check of `data` that had no effect.
std::vector<std::string> idle_check_options(const CheckReport& report, const DataSource& data,
                                            const GivenOptions& given);

}  // namespace graft
