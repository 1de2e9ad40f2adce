// A TensorBoard event file: TFRecords of Event messages (tensorflow/core/util/event.proto), encoded by hand,
// since the few fields that are used do not need a library.
//
//   EventFile events(folder / event_file_name());
//   events.scalar("loss/train", 0, 0.61);
//   events.image("batch", 0, png);
//
// Used by one thread. TensorBoard shows what is there while the file grows. Every failure is an Error.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "graft/core/files.h"
#include "graft/run/history.h"

namespace graft {

// events.out.tfevents.<seconds since 1970>.<host>.<process>.0: TensorBoard looks for the second part, and
// reads several of one folder in the order of their names.
std::string event_file_name();
bool is_event_file_name(std::string_view name);

class EventFile {
 public:
  // A file already there is emptied.
  explicit EventFile(const std::filesystem::path& path);

  // A point of a curve. `tag`: the curve's name; its part before the first "/" is the group.
  void scalar(std::string_view tag, std::int64_t step, double value);
  // A picture as the bytes of a PNG file. Throws UsageError for anything else.
  void image(std::string_view tag, std::int64_t step, std::string_view png);
  // The metrics of an epoch as curves, at the step of its number: loss/train, loss/val, those of the record
  // by their Metric::id (accuracy/train, map/val, …), speed/images_per_second where it is known, and lr. A
  // probe's metrics have names of their own, probe/loss/train and so on, at step 0: no curve begins with
  // them.
  void epoch(const EpochRecord& record);
  // Flushes to the disk and closes; without it, what was written is in the file but not flushed.
  void close();

 private:
  void record(std::string_view event);

  std::unique_ptr<OutputFile> file_;
};

}  // namespace graft
