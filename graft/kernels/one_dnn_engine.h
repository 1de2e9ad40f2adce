// What calls of oneDNN share. Not for a build without it.
#pragma once

#include <new>
#include <oneapi/dnnl/dnnl.hpp>
#include <string>

#include "graft/core/error.h"

namespace graft {

const dnnl::engine& one_dnn_engine();
dnnl::stream& one_dnn_stream();  // of this thread

// Throws std::bad_alloc. oneDNN writes the machine code of a primitive without checking that there is memory
// for it: it reserves 256 KB for each of up to a few dozen functions.
void require_memory_for_code();

// function(), with oneDNN's exceptions as std::bad_alloc or EngineError.
template <class Function>
auto guarded(const Function& function) {
  try {
    return function();
  } catch (const dnnl::error& error) {
    if (error.status == dnnl_out_of_memory) throw std::bad_alloc();
    throw EngineError("the computation", std::string("failed in oneDNN: ") + error.what());
  }
}

}  // namespace graft
