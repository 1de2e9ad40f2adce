#include "graft/check/check.h"

#include <algorithm>
#include <utility>

#include "graft/check/checked_data.h"
#include "graft/check/findings.h"
#include "graft/core/processors.h"
#include "graft/core/threads.h"
#include "graft/image/alpha.h"

namespace graft {
namespace {

// Pictures checked between two calls of `progress`.
constexpr std::size_t at_once = 256;

void check_ranges(CheckOptions options) {
  for (const OptionRef& option : options_in(options, check_options)) option.check();
  background_of(options.decode.alpha);
}

void look_at_all(CheckedData& data, const CheckOptions& options, const ProgressCallback& progress) {
  const auto threads =
      static_cast<std::size_t>(options.workers > 0 ? options.workers : processors().available);
  data.facts.resize(data.samples.size());
  for (std::size_t done = 0; done < data.facts.size();) {
    const std::size_t count = std::min(at_once, data.facts.size() - done);
    for_each_on_threads(count, threads, [&](std::size_t i) {
      data.facts[done + i] = look_at_picture(data.samples[done + i], options.decode);
    });
    done += count;
    if (progress) progress({"check", done, data.facts.size(), "images"});
  }
}

CheckReport report_on(CheckedData data, const CheckOptions& options, const ProgressCallback& progress) {
  look_at_all(data, options, progress);
  CheckReport report;
  add_findings(report, class_findings(data, options));
  add_findings(report, {ignored_files(data)});
  add_findings(report, picture_findings(data, options));
  add_findings(report, copy_findings(data));
  if (options.near) add_findings(report, lookalike_findings(data, options.near_distance));
  report.classes = std::move(data.classes);
  report.labels = data.labels;
  report.pictures = std::move(data.samples);
  report.sources = std::move(data.sources);
  report.train = data.train;
  report.split = data.split;
  report.test = data.test;
  report.test_split = data.test_split;
  return report;
}

}  // namespace

std::int64_t CheckReport::count(Severity severity) const {
  return std::count_if(findings.begin(), findings.end(),
                       [&](const Finding& finding) { return finding.severity == severity; });
}

void add_findings(CheckReport& report, std::vector<Finding> findings) {
  for (Finding& finding : findings) {
    if (!finding.items.empty()) report.findings.push_back(std::move(finding));
  }
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity < b.severity; });
}

CheckReport check_data_set(const DataSource& data, const CheckOptions& options,
                           const ProgressCallback& progress) {
  check_ranges(options);
  return report_on(list_for_check(data, options.data), options, progress);
}

}  // namespace graft
