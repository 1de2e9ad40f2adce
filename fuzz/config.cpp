// Untrusted JSON: a run's config.json, its history, and an options file.
#include "graft/run/config.h"

#include "fuzz/target.h"
#include "graft/image/codec.h"
#include "graft/run/options_file.h"
#include "graft/run/run.h"
#include "tests/support/one_file_disk.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  graft::test::OneFileDisk disk;
  disk.contents.assign(input.begin(), input.end());
  const graft::ScopedDisk scope(disk);
  graft::fuzz::survives([] { graft::read_config("config.json"); });
  graft::fuzz::survives([] { graft::read_history("history.jsonl"); });
  graft::DecodeOptions options;
  graft::fuzz::survives(
      [&] { graft::read_options("config.json", graft::options_in(options, graft::decode_options)); });
}
