// The page of an evaluation: the report of a run without its training. Internal.
#pragma once

#include <string>

#include "graft/report/run_data.h"

namespace graft {

struct EvaluatedData {
  std::string model, data;  // as they are named
  std::string words;        // describes the pictures; may be empty
  std::string notice;       // may be empty
  PartRecord record;
  // The evaluated pictures: config.classes, labels, val, picture, and the options that decode() reads.
  RunData run;
};

std::string evaluation_html(const EvaluatedData& evaluated);

}  // namespace graft
