// safetensors. The fuzzer's header length is kept only if it is absurd: otherwise the header is made to end
// at the last "}" of the bytes, which random mutations would seldom match.
#include "graft/weights/state_dict.h"

#include <algorithm>

#include "fuzz/target.h"
#include "tests/support/one_file_disk.h"

namespace {

graft::fuzz::Bytes with_length(std::span<const std::uint8_t> bytes) {
  graft::fuzz::Bytes file(bytes.begin(), bytes.end());
  const auto brace = std::find(file.rbegin(), file.rend(), '}');
  const auto end = static_cast<std::size_t>(file.rend() - brace);
  if (end < 10 || file[7] >= 0x80) return file;
  for (std::size_t i = 0; i < 8; ++i) file[i] = static_cast<std::uint8_t>((end - 8) >> (8 * i) & 0xff);
  return file;
}

}  // namespace

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  graft::test::OneFileDisk disk;
  disk.contents = with_length(input);
  const graft::ScopedDisk scope(disk);
  graft::fuzz::survives([] {
    const graft::StateDict state = graft::read_safetensors("x.safetensors");
    for (const graft::NamedTensor& each : state.tensors) graft::fuzz::look_at(each.tensor.bytes);
  });
}
