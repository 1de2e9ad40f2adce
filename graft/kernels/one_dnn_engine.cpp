#include "graft/kernels/one_dnn_engine.h"

#include <sys/mman.h>

#include <cstddef>

namespace graft {

const dnnl::engine& one_dnn_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& one_dnn_stream() {
  thread_local dnnl::stream stream(one_dnn_engine());
  return stream;
}

void require_memory_for_code() {
  constexpr std::size_t bytes = 32 << 20;
  void* room = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) throw std::bad_alloc();
  ::munmap(room, bytes);
}

}  // namespace graft
