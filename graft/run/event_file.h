// A TensorBoard event file: TFRecords of Event messages (tensorflow/core/util/event.proto), encoded without a
// library, because few fields are used.
//
//   EventFile events(folder / event_file_name());
//   events.scalar("loss/train", 0, 0.61);
//   events.image("batch", 0, png);
//
// For one thread. TensorBoard can read the file while it grows. Every failure is an Error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "graft/core/files.h"
#include "graft/run/run.h"

namespace graft {

// events.out.tfevents.<seconds since 1970>.<host>.<process>.0: TensorBoard requires the second part, and
// reads several files of a folder in the order of their names.
std::string event_file_name();
bool is_event_file_name(std::string_view name);

class EventFile {
 public:
  // Truncates an existing file.
  explicit EventFile(const std::filesystem::path& path);

  // Writes a point of a curve. `tag`: the curve's name; the part before the first "/" is its group.
  void scalar(std::string_view tag, std::int64_t step, double value);
  // Writes an image, given as the bytes of a PNG file. Throws UsageError for anything else.
  void image(std::string_view tag, std::int64_t step, std::string_view png);
  // Writes an epoch's metrics as curves, at the epoch's number as the step: loss/train, loss/val, the
  // record's metrics by Metric::id (accuracy/train, map/val, …), speed/images_per_second if known, and lr. A
  // probe's metrics have separate names, probe/loss/train and so on, at step 0, so that no curve begins with
  // them.
  void epoch(const EpochRecord& record);
  // Flushes to the disk and closes. Without it, the data is written but not flushed.
  void close();

 private:
  void record(std::string_view event);

  std::unique_ptr<OutputFile> file_;
};

}  // namespace graft
