#include "cli/machine.h"

#include "graft/device/device.h"
#include "graft/report/report.h"

namespace graft::cli {

void use_threads(int threads, Console& console) {
  const ComputeThreads used = set_compute_threads(threads);
  if (!used.note.empty()) console.warn("note: " + used.note);
}

void warn_of_fonts(const std::vector<std::string>& texts, Console& console) {
  for (const std::string& warning : font_warnings(texts)) console.warn("warning: " + warning);
}

}  // namespace graft::cli
