// Files of torch.save, zip archives and legacy pickles, from their first byte to their tensors.
#include "graft/weights/state_dict.h"

#include "fuzz/target.h"
#include "tests/support/one_file_disk.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  graft::test::OneFileDisk disk;
  disk.contents.assign(input.begin(), input.end());
  const graft::ScopedDisk scope(disk);
  graft::fuzz::survives([] {
    const graft::StateDict state = graft::read_pth("x.pth");
    for (const graft::NamedTensor& each : state.tensors) graft::fuzz::look_at(each.tensor.bytes);
  });
}
