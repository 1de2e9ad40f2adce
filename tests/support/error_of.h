// The message of an error, for tests.
#pragma once

#include <string>

#include "graft/core/error.h"

namespace graft::test {

// The message of the graft::Error that `action` throws; empty if it throws none.
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
