// libFuzzer's mutations and, for long input limits, occasional long inputs, which random mutations do not
// make.
#include <algorithm>

#include "fuzz/stretch.h"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  const std::size_t changed = LLVMFuzzerMutate(data, size, max_size);
  if (max_size < graft::fuzz::longest || seed % 8 != 0) return changed;
  std::minstd_rand random(seed);
  const graft::fuzz::Bytes longer = graft::fuzz::stretched({data, changed}, max_size, random);
  std::copy(longer.begin(), longer.end(), data);
  return longer.size();
}
