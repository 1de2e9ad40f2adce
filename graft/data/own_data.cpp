#include "graft/data/own_data.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/core/utf8.h"
#include "graft/data/class_names.h"
#include "graft/data/dataset.h"
#include "graft/data/label_index.h"
#include "graft/data/split.h"

namespace graft {
namespace {

// Used instead of a folder. Not the data's name: hashes and splits must not depend on that.
constexpr const char* own_data_name = "own data";

// One Dataset, with its names and targets.
struct Part {
  std::string words;  // "training"
  std::shared_ptr<const Dataset> dataset;
  std::vector<std::string> names;
  std::vector<Target> targets;

  LabelKind kind() const;
};

LabelKind kind_of(const Target& target) {
  constexpr std::array kinds = {LabelKind::single, LabelKind::multi, LabelKind::number};
  static_assert(kinds.size() == std::variant_size_v<Target>);
  return kinds.at(target.index());
}

LabelKind Part::kind() const { return kind_of(targets.front()); }

const char* words_of(LabelKind kind) {
  return kind == LabelKind::multi ? "a set of classes" : kind == LabelKind::number ? "a number" : "one class";
}

Part read_part(const std::string& words, const std::shared_ptr<const Dataset>& dataset) {
  if (dataset == nullptr || dataset->size() == 0) throw Error(own_data_name, "has no " + words + " samples");
  Part part{words, dataset, {}, {}};
  for (std::size_t i = 0; i < dataset->size(); ++i) {
    part.names.push_back(dataset->name(i));
    part.targets.push_back(dataset->target(i));
  }
  return part;
}

// Tables and the split identify a sample by its name.
void check_names(const Part& part) {
  std::unordered_set<std::string_view> seen;
  for (std::size_t i = 0; i < part.names.size(); ++i) {
    const std::string& name = part.names[i];
    if (name.empty())
      throw Error(own_data_name,
                  "sample " + std::to_string(i) + " of its " + part.words + " samples has no name",
                  "name each sample");
    if (!seen.insert(name).second)
      throw Error(name, "is the name of two of the " + part.words + " samples",
                  "give each sample a unique name");
  }
}

void check_class_index(const std::string& name, std::int64_t index, std::size_t classes) {
  if (index >= 0 && static_cast<std::size_t>(index) < classes) return;
  throw Error(name,
              "is of class " + std::to_string(index) + ", and there " +
                  (classes == 1 ? std::string("is 1 class") : "are " + std::to_string(classes) + " classes"),
              "count classes from 0, in the order of their names");
}

// Sorts sets and removes duplicates.
void check_targets(Part& part, LabelKind kind, std::size_t classes) {
  for (std::size_t i = 0; i < part.targets.size(); ++i) {
    const std::string& name = part.names[i];
    Target& target = part.targets[i];
    if (kind_of(target) != kind)
      throw Error(name,
                  std::string("has ") + words_of(kind_of(target)) +
                      " as its target, and other samples have " + words_of(kind),
                  "give all samples targets of one kind");
    if (const auto* index = std::get_if<std::int64_t>(&target)) check_class_index(name, *index, classes);
    if (const auto* number = std::get_if<double>(&target); number != nullptr && !std::isfinite(*number))
      throw Error(name, "its target is not a finite number", "correct it, or leave the sample out");
    if (auto* set = std::get_if<ClassSet>(&target)) {
      for (const std::int64_t index : *set) check_class_index(name, index, classes);
      std::sort(set->begin(), set->end());
      set->erase(std::unique(set->begin(), set->end()), set->end());
    }
  }
}

void check_class_names(const std::vector<std::string>& classes, LabelKind kind) {
  if (kind == LabelKind::number && classes.size() != 1)
    throw Error(own_data_name,
                "has numbers as targets, and " + counted(classes.size(), "name") + " in `classes`",
                "give one: the name of the number");
  if (classes.empty()) throw Error(own_data_name, "has no `classes`", "name the classes");
  std::set<std::string_view> distinct;
  for (const std::string& name : classes) {
    const std::string shown = "the class \"" + shorten(name) + "\"";
    if (name.empty()) throw Error(own_data_name, "a class has no name", "name each class");
    if (!is_utf8(name)) throw Error(own_data_name, "the name of a class is not UTF-8", "write it in UTF-8");
    if (std::any_of(name.begin(), name.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7F; }))
      throw Error(own_data_name, shown + " holds a line end or another control character", "remove it");
    if (kind == LabelKind::multi && name.find('|') != std::string::npos)
      throw Error(own_data_name, shown + " holds \"|\", which separates the classes of a set", "rename it");
    if (!distinct.insert(name).second)
      throw Error(own_data_name, "has two classes named \"" + name + "\"", "name each class once");
  }
}

// Checks that the parts fit together.
void check_parts(std::vector<Part>& parts, const std::vector<std::string>& classes) {
  const LabelKind kind = parts.front().kind();
  check_class_names(classes, kind);
  for (Part& part : parts) {
    if (part.kind() != kind)
      throw Error(own_data_name,
                  "its " + part.words + " samples have " + words_of(part.kind()) + " as targets, and its " +
                      parts.front().words + " samples " + words_of(kind),
                  "give all samples targets of one kind");
    check_targets(part, kind, classes.size());
    check_names(part);
  }
}

// As in Folder::label_names(), with the names of a set in byte order.
std::string name_of(const Target& target, const std::vector<std::string>& classes) {
  if (const auto* number = std::get_if<double>(&target)) return csv_number(*number);
  std::vector<std::string> names;
  for (const std::int64_t index : std::get<ClassSet>(target))
    names.push_back(classes[static_cast<std::size_t>(index)]);
  std::sort(names.begin(), names.end());
  return join(names, "|");
}

std::int64_t label_of(const Target& target, LabelIndex& index) {
  if (const auto* number = std::get_if<double>(&target)) return index.of(*number);
  return index.of(std::get<ClassSet>(target));
}

// Sets and numbers are numbered in byte order of their names, as for a table: the same pictures give the same
// training run.
std::vector<std::int64_t> labels_of(const Part& part, const std::vector<std::string>& classes,
                                    LabelIndex& index) {
  std::vector<std::int64_t> labels(part.targets.size());
  if (part.kind() == LabelKind::single) {
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = std::get<std::int64_t>(part.targets[i]);
    return labels;
  }
  std::vector<std::pair<std::string, std::size_t>> order;
  for (std::size_t i = 0; i < labels.size(); ++i) order.emplace_back(name_of(part.targets[i], classes), i);
  std::sort(order.begin(), order.end());
  for (const auto& [name, i] : order) labels[i] = label_of(part.targets[i], index);
  return labels;
}

void append_part(Folder& folder, Part part, LabelIndex& index) {
  const std::vector<std::int64_t> labels = labels_of(part, folder.classes, index);
  for (std::size_t i = 0; i < labels.size(); ++i)
    folder.samples.push_back(
        {std::move(part.names[i]), labels[i], part.dataset.get(), static_cast<std::uint32_t>(i)});
  folder.sources.push_back(std::move(part.dataset));
  index.give(folder);
}

void require_what_to_learn(const Folder& train) {
  if (train.kind() == LabelKind::number) {
    if (train.numbers.size() == 1)
      throw Error(own_data_name, "all training samples have the number " + csv_number(train.numbers.front()),
                  "add samples with other numbers");
    return;
  }
  if (train.kind() == LabelKind::single && train.classes.size() < 2)
    throw Error(own_data_name, "has fewer than two classes", "add another class");
  if (const auto empty = names_of_empty(train); !empty.empty())
    throw Error(own_data_name, "has no training samples of " + shorten_list(empty),
                "add some, or leave the class out");
}

// Average precision is undefined if no picture has a class.
void require_targets(const Part& part) {
  const bool any = std::any_of(part.targets.begin(), part.targets.end(), [](const Target& target) {
    const auto* set = std::get_if<ClassSet>(&target);
    return set == nullptr || !set->empty();
  });
  if (!any) throw Error(own_data_name, "no " + part.words + " sample shows any class", "add samples that do");
}

// Replaces indices into `own` by indices into `classes`.
void bind_by_name(Part& part, const std::vector<std::string>& own, const std::vector<std::string>& classes) {
  std::vector<std::int64_t> bound;
  for (const std::string& name : own) {
    const auto found = std::find(classes.begin(), classes.end(), name);
    if (found == classes.end()) {
      const std::string meant = advice_on_unknown_class(name, classes);
      throw Error(own_data_name, "the model has no class \"" + name + "\"",
                  meant.empty() ? "leave the class and its samples out" : meant);
    }
    bound.push_back(found - classes.begin());
  }
  for (Target& target : part.targets) {
    if (auto* index = std::get_if<std::int64_t>(&target)) *index = bound[static_cast<std::size_t>(*index)];
    if (auto* set = std::get_if<ClassSet>(&target)) {
      for (std::int64_t& index : *set) index = bound[static_cast<std::size_t>(index)];
      std::sort(set->begin(), set->end());
    }
  }
}

EvaluationPart resolved_own(const OwnData& own, EvaluationPart part) {
  if (part != EvaluationPart::automatic) return part;
  return own.val ? EvaluationPart::val : own.test ? EvaluationPart::test : EvaluationPart::all;
}

std::vector<Part> evaluated_own(const OwnData& own, EvaluationPart part) {
  std::vector<Part> parts;
  const auto add = [&](EvaluationPart of, const char* words, const std::shared_ptr<const Dataset>& dataset) {
    if (part == of || (part == EvaluationPart::all && dataset)) parts.push_back(read_part(words, dataset));
  };
  add(EvaluationPart::train, "training", own.train);
  add(EvaluationPart::val, "validation", own.val);
  add(EvaluationPart::test, "test", own.test);
  if (parts.empty()) throw Error(own_data_name, "has no samples");
  return parts;
}

}  // namespace

TrainingData open_own_data(const OwnData& own, const DataOptions& options) {
  std::vector<Part> parts;
  parts.push_back(read_part("training", own.train));
  if (own.val) parts.push_back(read_part("validation", own.val));
  if (own.test) parts.push_back(read_part("test", own.test));
  check_parts(parts, own.classes);
  for (const Part& part : parts) require_targets(part);
  const Folder empty{own_data_name, own.classes, {}, {}};
  TrainingData data{empty, empty, empty};
  warn_of_alike(own.classes, own_data_name, data.warnings);
  LabelIndex index;
  append_part(data.train, std::move(parts.front()), index);
  require_what_to_learn(data.train);
  const auto add = [&](Folder& folder, Part part) {
    const std::string where = std::string(own_data_name) + " (" + part.words + " part)";
    append_part(folder, std::move(part), index);
    warn_of_empty(folder, where, data.warnings);
  };
  if (own.val) add(data.val, std::move(parts[1]));
  if (own.test) add(data.test, std::move(parts.back()));
  for (Folder* folder : {&data.train, &data.val, &data.test}) {
    if (!folder->samples.empty()) index.give(*folder);  // the labels of all parts
  }
  divide(data, options, own.val != nullptr, own_data_name);
  return data;
}

EvaluationFolder open_own_evaluation(const OwnData& own, const std::vector<std::string>& classes,
                                     std::vector<std::string>& warnings, EvaluationPart part) {
  part = resolved_own(own, part);
  std::vector<Part> parts = evaluated_own(own, part);
  check_parts(parts, own.classes);
  EvaluationFolder folder{{own_data_name, classes.empty() ? own.classes : classes, {}, {}}, part};
  LabelIndex index;
  for (Part& each : parts) {
    if (!classes.empty() && each.kind() != LabelKind::number) bind_by_name(each, own.classes, classes);
    append_part(folder, std::move(each), index);
  }
  warn_of_empty(folder, own_data_name, warnings);
  return folder;
}

}  // namespace graft
