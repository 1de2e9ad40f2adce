// Tables: every record, and what they say as labels and as predictions.
#include "graft/core/csv.h"

#include "fuzz/target.h"
#include "graft/data/labels.h"
#include "graft/run/predictions.h"
#include "tests/support/one_file_disk.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  graft::test::OneFileDisk disk;
  disk.contents.assign(data, data + size);
  const graft::ScopedDisk scope(disk);
  graft::fuzz::survives([&] {
    graft::CsvReader reader({reinterpret_cast<const char*>(disk.contents.data()), size}, "x.csv");
    std::vector<std::string> fields;
    while (reader.next(fields)) {
      if (fields.empty() || reader.line() > size + 1) graft::fuzz::finding("a record that is none");
    }
  });
  graft::fuzz::survives([] { graft::read_labels("x.csv"); });
  graft::fuzz::survives([] { graft::read_predictions("x.csv"); });
  return 0;
}
