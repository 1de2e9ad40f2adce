// The words of an error, for tests of messages.
#pragma once

#include <string>

#include "graft/core/error.h"

namespace graft::test {

// What the graft::Error says that `action` throws; empty when it throws none.
template <class Action>
std::string error_of(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace graft::test
