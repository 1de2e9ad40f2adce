// Looks for problems in a data set before a training.
//
//   const CheckReport report = check_data_set("data");
//   for (const Finding& finding : report.findings) ...
//
// docs/check.md lists the findings and says which are problems.
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
#include "graft/image/decode.h"

namespace graft {

struct CheckOptions {
  bool near = true;
  // By eye and by measure in docs/check.md: what became of a picture by other compression, size and light is
  // within 8, other photographs are beyond 12.
  int near_distance = 8;
  int input_size = 224;
  int few_pictures = 10;
  double imbalance = 10;
  double elongation = 4;
  int workers = 0;
  DataOptions data;
  // `fast` by default: a hash needs little of a large photograph.
  DecodeOptions decode = {.decode = DecodeMode::fast};
};
inline constexpr auto check_options = options_of<CheckOptions>(
    option<&CheckOptions::near>("look for pictures that look alike"),
    option<&CheckOptions::near_distance>(
        0, 15, "pictures look alike when their hashes differ in at most so many of 64 bits"),
    option<&CheckOptions::input_size>(1, 4096, "sides of the network's input, for what is smaller"),
    option<&CheckOptions::few_pictures>(0, 1e9, "fewer training pictures of a class are few"),
    option<&CheckOptions::imbalance>(
        1, 1e9, "a class with so many times another's training pictures is out of balance"),
    option<&CheckOptions::elongation>(1, 1e9, "a picture so many times as long as wide is odd"),
    option<&CheckOptions::workers>(0, 1024,
                                   "threads that read pictures; 0: one for each available processor"),
    group<&CheckOptions::data>(data_options), group<&CheckOptions::decode>(decode_options));

// problem: a training would stop, or its figures would be wrong. note: good to know.
enum class Severity { problem, note };

struct FindingItem {
  std::vector<std::uint32_t> pictures;  // indices into CheckReport::pictures; those that belong together
  std::string detail;                   // "differ in 2 of 64 bits", "120 x 80"; may be empty
  std::string file = {};                // a file that is no picture of the data set; may be empty
};

// In `items` one for each picture, group of pictures or class that it is said of. The texts are literals.
struct Finding {
  const char* name;  // stable: what scripts ask for
  Severity severity;
  const char* what;    // "pictures that cannot be read"
  const char* advice;  // what to do about it
  std::vector<FindingItem> items;
};

struct CheckReport {
  std::vector<std::string> classes;                       // of numbers what the number is called
  LabelKind labels = LabelKind::single;                   // what the pictures' labels are; never automatic
  std::vector<Sample> pictures;                           // training's, then validation's
  std::size_t train = 0;                                  // how many are training's
  bool split = false;                                     // validation was split off, as DataOptions say
  std::vector<Finding> findings;                          // problems first; none without items
  std::vector<std::shared_ptr<const Dataset>> sources{};  // keep the pictures' Datasets alive; none for files

  std::int64_t count(Severity severity) const;  // findings, not items
};

// Takes what open_data_set takes. What makes that refuse files is a finding, as far as there are pictures to
// look at; throws Error where there are none, UsageError for options out of range. Every picture
// is read once, by as many threads as asked for; about 200 bytes are kept of each beside its path.
CheckReport check_data_set(const DataSource& data, const CheckOptions& options = {},
                           const ProgressCallback& progress = {});

// "problem", "note"
const char* name_of(Severity severity);

// The paths of the pictures that an item is about.
std::vector<std::string> paths_of(const FindingItem& item, const CheckReport& report);

// The report as one line of JSON (docs/check.md). Advice and details name options by what `word_for` returns
// (core/option_words.h).
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
