// Exceptions of libtorch, oneDNN and the C++ library about the machine's limits, converted to graft's errors.
// This header does not include torch.
#pragma once

#include <exception>
#include <string>
#include <utility>

#include "graft/core/error.h"

namespace graft {

// Rethrows `thrown`. An exception of libtorch or oneDNN, std::bad_alloc, and a std::system_error of a thread
// that cannot be started become an EngineError: one line, without a backtrace, with advice. `where` names the
// work. Any other exception, such as an Error or a caller's own, is rethrown unchanged.
[[noreturn]] void rethrow_engine_error(const std::exception_ptr& thrown, const std::string& where);

// Returns work(). Its exceptions go through rethrow_engine_error().
template <class Work>
decltype(auto) with_engine_errors(const std::string& where, Work&& work) {
  try {
    return std::forward<Work>(work)();
  } catch (...) {
    rethrow_engine_error(std::current_exception(), where);
  }
}

}  // namespace graft
