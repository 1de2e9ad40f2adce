// Files of torch.save, zip archives and legacy pickles, from their first byte to their tensors.
#include "graft/weights/pth.h"

#include "fuzz/target.h"
#include "tests/support/one_file_disk.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  graft::test::OneFileDisk disk;
  disk.contents.assign(data, data + size);
  const graft::ScopedDisk scope(disk);
  graft::fuzz::survives([] {
    const graft::StateDict state = graft::read_pth("x.pth");
    for (const graft::NamedTensor& each : state.tensors) graft::fuzz::look_at(each.tensor.bytes);
  });
  return 0;
}
