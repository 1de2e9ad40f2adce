#include "graft/report/task_report.h"

#include <array>

namespace graft {
namespace {

constexpr std::array<const TaskReport*, 3> tasks = {&class_report, &label_report, &number_report};

}  // namespace

std::span<const TaskReport* const> task_reports() { return tasks; }

const TaskReport& task_report(LabelKind labels) {
  for (const TaskReport* task : tasks) {
    if (task->labels == labels) return *task;
  }
  return *tasks.front();
}

}  // namespace graft
