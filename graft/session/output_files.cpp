#include "graft/session/output_files.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/option.h"
#include "graft/core/run_mark.h"
#include "graft/core/text.h"
#include "graft/image/codec.h"
#include "graft/run/run.h"
#include "graft/session/output_place.h"
#include "graft/weights/state_dict.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

class StreamFile : public OutputFile {
 public:
  explicit StreamFile(const std::function<void(std::string_view)>& stream) : stream_(stream) {}
  void write(std::string_view bytes) override { stream_(bytes); }
  void sync() override {}
  void close() override {}

 private:
  const std::function<void(std::string_view)>& stream_;
};

const char* name_of(OutputType type) {
  switch (type) {
    case OutputType::table:
      return "a table";
    case OutputType::picture:
      return "a picture";
    case OutputType::page:
      return "an HTML page";
    case OutputType::safetensors:
      return "a safetensors file";
    case OutputType::text:
      return "a text file";
    case OutputType::onnx:
      return "an ONNX file";
    case OutputType::npy:
      return "an .npy file";
    default:
      return "a .pth file";
  }
}

bool is_jpeg_name(const std::string& path) {
  const std::string name = to_lower_ascii(path);
  return name.ends_with(".jpg") || name.ends_with(".jpeg");
}

bool is_picture_name(const std::string& path) {
  return is_jpeg_name(path) || to_lower_ascii(path).ends_with(".png");
}

// The file type of an extension; empty for other extensions.
std::optional<OutputType> type_of_ending(const std::string& path) {
  static const std::pair<const char*, OutputType> endings[] = {
      {".csv", OutputType::table}, {".html", OutputType::page},
      {".htm", OutputType::page},  {".safetensors", OutputType::safetensors},
      {".pth", OutputType::pth},   {".pt", OutputType::pth},
      {".onnx", OutputType::onnx}, {".npy", OutputType::npy}};
  if (is_picture_name(path)) return OutputType::picture;
  const std::string name = to_lower_ascii(path);
  for (const auto& [ending, type] : endings) {
    if (name.ends_with(ending)) return type;
  }
  return std::nullopt;
}

// Whether graft wrote the file that begins with `head`, with the type of the new output.
bool is_own(std::string_view head, OutputType type, const std::string& path,
            const std::vector<std::string>& headers) {
  const auto holds = [&](std::string_view mark) { return head.find(mark) != std::string_view::npos; };
  switch (type) {
    case OutputType::table:
      return std::any_of(headers.begin(), headers.end(),
                         [&](const std::string& header) { return head.starts_with(header); });
    case OutputType::picture:
      return head.starts_with(is_jpeg_name(path) ? "\xff\xd8\xff" : "\x89PNG\r\n") && is_drawn_by_graft(head);
    case OutputType::page:
      return holds("<meta name=\"generator\" content=\"graft\">");
    case OutputType::safetensors:
      return holds("graft-model") || holds(exported_mark) || holds(features_mark);
    case OutputType::text:
      return holds(exported_mark);
    case OutputType::onnx:  // its first fields: the version and the producer's name
      return head.substr(0, 16).find("\x12\x05graft") != std::string_view::npos;
    case OutputType::npy:
      return head.starts_with(std::string_view("\x93NUMPY\x01\0", 8)) && head.size() > 8 &&
             head[8] == static_cast<char>(npy_header_bytes);
    default:
      return head.starts_with("PK\x03\x04") && holds(exported_pth_folder);
  }
}

std::string first_bytes(const fs::path& path) {
  const auto file = disk().map(path);
  const auto bytes = file->bytes().first(std::min<std::size_t>(1 << 20, file->bytes().size()));
  return {bytes.begin(), bytes.end()};
}

bool is_same(const FileInfo& a, const std::optional<FileInfo>& b) {
  return b && a.device == b->device && a.inode == b->inode;
}

fs::path place_of(const std::string& path) {
  const fs::path place = disk().resolve(path).value_or(path);
  return resolved_path(folder_of(place)) / place.filename();
}

}  // namespace

void check_folder_name(const std::string& option, const std::string& folder) {
  const auto named = type_of_ending(folder);
  if (named && !disk().info(folder))
    throw UsageError(
        quoted_option(option),
        "\"" + folder + "\" has the extension of " + name_of(*named) + ", and a folder is written",
        "choose a name without it");
}

void OutputFiles::add(const std::string& option, const std::string& path, OutputType type,
                      const std::vector<std::string>& headers) {
  if (path.empty()) return;
  Output output{option, path, type, headers};
  // "new/../a.jpg" is a.jpg once new/ exists.
  const fs::path named(path);
  if (!disk().info(path) && std::find(named.begin(), named.end(), "..") != named.end())
    output.path = place_of(path).string() + (path.ends_with('/') ? "/" : "");
  outputs_.push_back(std::move(output));
}

void OutputFiles::add_in_folder(const std::string& option, const std::string& folder, const std::string& name,
                                OutputType type) {
  const auto there = disk().info(folder);
  if (folder == "-" || (there && there->kind != FileKind::directory))
    throw Error(folder, "is not a folder, which " + quoted_option(option) + " needs", "name a folder");
  check_folder_name(option, folder);
  add(option + '/' + name, (fs::path(folder) / name).string(), type);
}

std::string OutputFiles::option_of(const Output& output) {
  return quoted_option(output.option.substr(0, output.option.find('/')));
}

void OutputFiles::add_stream(const std::string& option, const std::string& path,
                             std::function<void(std::string_view)> stream) {
  outputs_.push_back({option, path, OutputType::table, {}, std::move(stream)});
}

void OutputFiles::check() const {
  if (overwrite_ && outputs_.empty())
    throw UsageError("`overwrite`", "applies only to output files, and none is named", "leave it out");
  for (const Output& each : outputs_) {
    if (!each.stream) check_file(each);
  }
  check_twice();
  for (const Output& each : outputs_) {
    const auto there = each.stream ? std::nullopt : disk().info(each.path);
    if (!each.stream && (!there || there->kind == FileKind::regular)) check_replace_file(each.path);
  }
}

void OutputFiles::has_header(const std::string& option, const std::string& header) {
  const auto found = std::find_if(outputs_.begin(), outputs_.end(),
                                  [&](const Output& each) { return each.option == option; });
  if (found == outputs_.end() || found->stream) return;
  found->headers = {header};
  check_file(*found);
}

Observer OutputFiles::observer(const Observer& observer) {
  Observer checking = observer;
  checking.reads = [this, told = observer.reads](const std::vector<std::string>& files) {
    if (told) told(files);
    reads(files);
    check();
  };
  return checking;
}

void OutputFiles::check_file(const Output& output) const {
  const auto there = disk().info(output.path);
  if ((there && there->kind == FileKind::directory) || output.path.ends_with('/'))
    throw Error(output.path, "is a folder, and " + option_of(output) + " needs a file", "name a file in it");
  if (there && there->kind == FileKind::other) return;  // devices and pipes are written directly
  if (output.type == OutputType::picture && !is_picture_name(output.path))
    throw UsageError(option_of(output), "\"" + output.path + "\" ends neither in .png nor in .jpg or .jpeg",
                     "choose one of the two formats by the extension");
  const auto named = type_of_ending(output.path);
  if (output.type == OutputType::page && named != OutputType::page)
    throw UsageError(option_of(output), "\"" + output.path + "\" ends neither in .html nor in .htm",
                     "an HTML page is written");
  const fs::path place = place_of(output.path), run = place.parent_path();
  const auto run_info = disk().info(run);
  const auto is_this = [&](const fs::path& own) { return run_info && is_same(*run_info, disk().info(own)); };
  if (is_run_file_name(place.filename().string()) && is_run_folder(run) &&
      std::none_of(owned_runs_.begin(), owned_runs_.end(), is_this))
    throw Error(output.path,
                "is a file of the run in " + run.string() + ", which " + option_of(output) + " would replace",
                "name another file");
  if (named && *named != output.type)
    throw UsageError(option_of(output),
                     "\"" + output.path + "\" has the extension of " + name_of(*named) + ", and " +
                         name_of(output.type) + " is written",
                     "choose another extension");
  if (there) check_replaced(output, *there);
  for (const std::string& data : data_sets_) {
    if (output.type == OutputType::picture) check_outside_data(option_of(output), output.path, data);
    check_no_new_class(option_of(output), output.path, data);
  }
  if (output.type != OutputType::picture) return;
  for (const std::string& folder : folders_) check_outside_folder(option_of(output), output.path, folder);
}

void OutputFiles::check_replaced(const Output& output, const FileInfo& there) const {
  const auto is_this = [&](const fs::path& read) { return is_same(there, disk().info(read)); };
  if (std::any_of(read_.begin(), read_.end(), is_this))
    throw Error(output.path,
                "is a file that this command reads, and " + option_of(output) + " would replace it",
                "name another file");
  if (overwrite_) return;
  if (there.size > 0 && !is_own(first_bytes(output.path), output.type, output.path, output.headers))
    throw Error(output.path,
                std::string("is not ") + name_of(output.type) +
                    (output.type == OutputType::table ? " of the kind that is written, and "
                                                      : " that graft has written, and ") +
                    option_of(output) + " would replace it",
                "name another file, or use `overwrite`");
  if ((there.permissions & 0222) == 0)
    throw Error(output.path, "is write-protected", "name another file, or use `overwrite`");
}

// Devices may be named several times.
void OutputFiles::check_twice() const {
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const Output &a = outputs_[k], &b = outputs_[i];
      if (a.stream || b.stream) continue;
      const auto there = disk().info(a.path);
      if (there && there->kind == FileKind::other && !there->is_pipe) continue;  // a device
      if (there ? is_same(*there, disk().info(b.path)) : place_of(a.path) == place_of(b.path))
        throw UsageError(option_of(b), "and " + option_of(a) + " name the same file",
                         "name another file for one of them");
    }
  }
}

const OutputFiles::Output* OutputFiles::find(const std::string& option) const {
  const auto found = std::find_if(outputs_.begin(), outputs_.end(),
                                  [&](const Output& each) { return each.option == option; });
  return found == outputs_.end() ? nullptr : &*found;
}

const OutputFiles::Output& OutputFiles::output(const std::string& option) const {
  const Output* found = find(option);
  if (found == nullptr) throw UsageError(quoted_option(option), "was not given");
  return *found;
}

bool OutputFiles::has(const std::string& option) const { return find(option) != nullptr; }

std::string OutputFiles::file(const std::string& option) const {
  const Output* found = find(option);
  return found == nullptr || found->stream ? "" : found->path;
}

void OutputFiles::write(const std::string& option, const std::function<void(OutputFile&)>& fill) const {
  const Output& to = output(option);
  if (!to.stream) return replace_file(to.path, fill);
  StreamFile file(to.stream);
  fill(file);
}

void OutputFiles::write(const std::string& option, std::string_view bytes) const {
  write(option, [&](OutputFile& file) { file.write(bytes); });
}

void OutputFiles::write_together(
    const std::vector<std::pair<std::string, std::function<void(OutputFile&)>>>& files) const {
  std::vector<NewFile> together;
  together.reserve(files.size());
  for (const auto& [option, fill] : files) together.push_back({output(option).path, fill});
  replace_files(together);
}

void OutputFiles::write(const std::string& option, const ImageView& picture) const {
  write(option, is_jpeg_name(output(option).path) ? encode_jpeg(picture) : encode_png(picture));
}

}  // namespace graft
