#include "graft/run/earlier_model.h"

#include <algorithm>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/shell_word.h"
#include "graft/run/run.h"

namespace graft {
namespace {

bool has_metrics_of(const std::map<std::string, std::string>& training, const EpochRecord& record) {
  if (record.validates() && training.at("val_loss") != std::to_string(record.val_loss)) return false;
  return std::all_of(record.val.begin(), record.val.end(), [&](const MetricValue& each) {
    const auto found = training.find("val_" + each.key);
    return found == training.end() || found->second == std::to_string(each.value);
  });
}

}  // namespace

bool is_of_earlier_run(const RunFolder& run, const std::map<std::string, std::string>& training) {
  if (!training.contains("val_loss") || !disk().info(run.config()) || !disk().info(run.history()))
    return false;
  try {
    const std::vector<EpochRecord> history = read_history(run.history());
    return std::none_of(history.begin(), history.end(),
                        [&](const EpochRecord& record) { return has_metrics_of(training, record); });
  } catch (const Error&) {  // damaged: unknown
    return false;
  }
}

void refuse_earlier_model(const RunFolder& run, const std::string& other_way) {
  const std::string path = run.path().string();
  if (disk().info(run.summary()))
    throw Error(path, "its model is not that of the run, which is complete",
                "restore " + run.model().string() + ", or " + other_way);
  throw Error(path, "its model is from an earlier run and has not been replaced yet",
              "resume the run with `resume` " + shell_word(path) + ", or " + other_way);
}

}  // namespace graft
