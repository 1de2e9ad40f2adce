// Tables: every record, also parsed as labels and as predictions.
#include "graft/core/csv.h"

#include "fuzz/target.h"
#include "graft/data/labels.h"
#include "graft/run/run_tables.h"
#include "tests/support/one_file_disk.h"

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  graft::test::OneFileDisk disk;
  disk.contents.assign(input.begin(), input.end());
  const graft::ScopedDisk scope(disk);
  graft::fuzz::survives([&] {
    graft::CsvReader reader({reinterpret_cast<const char*>(disk.contents.data()), input.size()}, "x.csv");
    std::vector<std::string> fields;
    while (reader.next(fields)) {
      if (fields.empty() || reader.line() > input.size() + 1) graft::fuzz::finding("an invalid record");
    }
  });
  graft::fuzz::survives([] { graft::read_labels("x.csv"); });
  graft::fuzz::survives([] { graft::read_predictions("x.csv"); });
}
