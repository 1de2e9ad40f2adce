#include <nlohmann/json.hpp>

#include "graft/check/check.h"
#include "graft/core/json_line.h"
#include "graft/core/option_words.h"

namespace graft {

const char* name_of(Severity severity) { return severity == Severity::problem ? "problem" : "note"; }

std::vector<std::string> paths_of(const FindingItem& item, const CheckReport& report) {
  std::vector<std::string> paths;
  for (const std::uint32_t picture : item.pictures) paths.push_back(report.pictures[picture].path);
  if (!item.file.empty()) paths.push_back(item.file);
  return paths;
}

std::string to_json(const CheckReport& report,
                    const std::function<std::string(const std::string& option)>& word_for) {
  nlohmann::ordered_json json = {{"classes", report.classes},
                                 {"labels", to_string(report.labels)},
                                 {"train", report.train},
                                 {"val", report.val()},
                                 {"val_split_off", report.split},
                                 {"test", report.test},
                                 {"test_split_off", report.test_split},
                                 {"problems", report.count(Severity::problem)},
                                 {"notes", report.count(Severity::note)},
                                 {"findings", nlohmann::ordered_json::array()}};
  if (!report.label_judge.empty()) json["labels_judged_by"] = report.label_judge;
  for (const Finding& finding : report.findings) {
    nlohmann::ordered_json items = nlohmann::ordered_json::array();
    for (const FindingItem& item : finding.items)
      items.push_back(
          {{"paths", paths_of(item, report)}, {"detail", replace_options(item.detail, word_for)}});
    json["findings"].push_back({{"name", finding.name},
                                {"severity", name_of(finding.severity)},
                                {"count", finding.items.size()},
                                {"what", finding.what},
                                {"advice", replace_options(finding.advice, word_for)},
                                {"items", items}});
  }
  return json_line(json);
}

}  // namespace graft
