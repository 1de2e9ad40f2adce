#include "graft/run/event_file.h"

#include <unistd.h>

#include <bit>
#include <chrono>

#include "graft/core/error.h"
#include "graft/core/hash.h"

namespace graft {
namespace {

// Protocol buffers: a field is its key (number · 8 + kind) and its value.
enum WireKind : std::uint32_t { varint = 0, eight_bytes = 1, length_delimited = 2, four_bytes = 5 };

void put_fixed(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
}

void put_varint(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7F) | 0x80);
  out += static_cast<char>(value);
}

void put_key(std::string& out, std::uint32_t number, WireKind kind) { put_varint(out, number << 3 | kind); }

void put_integer(std::string& out, std::uint32_t number, std::int64_t value) {
  put_key(out, number, varint);
  put_varint(out, static_cast<std::uint64_t>(value));
}

void put_double(std::string& out, std::uint32_t number, double value) {
  put_key(out, number, eight_bytes);
  put_fixed(out, std::bit_cast<std::uint64_t>(value), 8);
}

void put_float(std::string& out, std::uint32_t number, float value) {
  put_key(out, number, four_bytes);
  put_fixed(out, std::bit_cast<std::uint32_t>(value), 4);
}

void put_bytes(std::string& out, std::uint32_t number, std::string_view bytes) {
  put_key(out, number, length_delimited);
  put_varint(out, bytes.size());
  out += bytes;
}

// Event: wall_time = 1, step = 2, file_version = 3, summary = 5.
std::string event_at(std::int64_t step) {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  std::string event;
  put_double(event, 1, std::chrono::duration<double>(now).count());
  if (step != 0) put_integer(event, 2, step);
  return event;
}

// Summary: value = 1. Value: tag = 1, simple_value = 2, image = 4.
std::string summary_event(std::int64_t step, std::string_view tag, const std::string& content) {
  std::string value;
  put_bytes(value, 1, tag);
  value += content;
  std::string summary;
  put_bytes(summary, 1, value);
  std::string event = event_at(step);
  put_bytes(event, 5, summary);
  return event;
}

// A number at a fixed offset of a PNG's header.
std::int64_t big_endian_at(std::string_view png, std::size_t place) {
  std::int64_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<unsigned char>(png[place + i]);
  return value;
}

}  // namespace

std::string event_file_name() {
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) != 0 || host[0] == '\0') host[0] = '-';
  std::string name = host;
  for (char& c : name) {
    if (c == '/') c = '-';
  }
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return "events.out.tfevents." +
         std::to_string(std::chrono::duration_cast<std::chrono::seconds>(now).count()) + "." + name + "." +
         std::to_string(::getpid()) + ".0";
}

bool is_event_file_name(std::string_view name) { return name.substr(0, 20) == "events.out.tfevents."; }

EventFile::EventFile(const std::filesystem::path& path) : file_(disk().create(path)) {
  std::string event = event_at(0);
  put_bytes(event, 3, "brain.Event:2");
  record(event);
}

void EventFile::scalar(std::string_view tag, std::int64_t step, double value) {
  std::string content;
  put_float(content, 2, static_cast<float>(value));
  record(summary_event(step, tag, content));
}

void EventFile::image(std::string_view tag, std::int64_t step, std::string_view png) {
  if (png.size() < 24 || png.substr(0, 8) != "\x89PNG\r\n\x1a\n") {
    throw UsageError(std::string(tag), "is not a PNG");
  }
  // Image: height = 1, width = 2, colorspace = 3 (3: RGB), encoded_image_string = 4.
  std::string picture;
  put_integer(picture, 1, big_endian_at(png, 20));
  put_integer(picture, 2, big_endian_at(png, 16));
  put_integer(picture, 3, 3);
  put_bytes(picture, 4, png);
  std::string content;
  put_bytes(content, 4, picture);
  record(summary_event(step, tag, content));
}

void EventFile::epoch(const EpochRecord& r) {
  const auto point = [&](const std::string& tag, double value) {
    scalar(r.probe ? "probe/" + tag : tag, r.epoch, value);
  };
  point("loss/train", r.train_loss);
  if (r.validates()) point("loss/val", r.val_loss);
  for (const MetricValue& each : r.train) point(std::string(find_metric(each.key).id) + "/train", each.value);
  for (const MetricValue& each : r.val) point(std::string(find_metric(each.key).id) + "/val", each.value);
  if (r.images && r.train_seconds && *r.train_seconds > 0)
    point("speed/images_per_second", static_cast<double>(*r.images) / *r.train_seconds);
  if (!r.probe) point("lr", r.lr);
}

void EventFile::close() {
  file_->sync();
  file_->close();
}

// TFRecord: length, its checksum, the bytes, their checksum; in one write, so that a concurrent reader seldom
// reads a partial record.
void EventFile::record(std::string_view event) {
  std::string bytes;
  put_fixed(bytes, event.size(), 8);
  put_fixed(bytes, masked_crc32c(bytes), 4);
  bytes += event;
  put_fixed(bytes, masked_crc32c(event), 4);
  file_->write(bytes);
}

}  // namespace graft
