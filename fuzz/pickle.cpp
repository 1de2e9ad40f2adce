// The unpickler, and the tensors that a pickle describes with 64 bytes per storage.
#include "graft/weights/pickle.h"

#include "fuzz/target.h"
#include "graft/weights/pth_tensors.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  const graft::fuzz::Bytes memory(64, 1);
  graft::fuzz::survives([&] {
    const graft::pickle::Document document = graft::pickle::read(input, "x.pth");
    if (document.consumed > input.size() || document.root >= document.values.size())
      graft::fuzz::finding("a bad document");
    graft::StateDict state;
    graft::collect_tensors(
        document, graft::find_entries(document, "x.pth"), "x.pth", input.size(),
        [&](const graft::pickle::Storage&) { return std::span(memory); }, state);
    for (const graft::NamedTensor& each : state.tensors) graft::fuzz::look_at(each.tensor.bytes);
  });
}
