// Output files for results, such as a table of predictions or a drawn sheet. An output never replaces a file
// that the operation reads, a file of a run, or a file that graft did not write. This header does not include
// torch.
//
//   graft::OutputFiles outputs;
//   outputs.add("csv", "answers.csv", graft::OutputType::table, {"path,rank,index,class,probability\n"});
//   outputs.reads({"model.safetensors", "cat.jpg"});   // must not be replaced (Observer::reads)
//   outputs.check();                                   // before the long work
//   outputs.write("csv", text);
//
// Not thread-safe.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "graft/core/files.h"
#include "graft/image/image.h"
#include "graft/session/request.h"

namespace graft {

enum class OutputType { table, picture, page, safetensors, pth, onnx, text, npy };

// Marks of graft's files of features: the length of the header of an .npy file, which NumPy does not give a
// table of this kind, and the format in the metadata of a safetensors file.
inline constexpr int npy_header_bytes = 182;
inline constexpr const char* features_mark = "graft-features";

// Throws UsageError that names `option` if the new folder `folder` has the extension of a file.
void check_folder_name(const std::string& option, const std::string& folder);

class OutputFiles {
 public:
  // `overwrite`: allows to replace a file of another kind and a write-protected file.
  explicit OutputFiles(bool overwrite = false) : overwrite_(overwrite) {}
  virtual ~OutputFiles() = default;

  // `option` names the output in messages and in the calls below. An empty `path` means no output. `headers`:
  // possible first lines of a table, which identify an earlier table of the same kind.
  virtual void add(const std::string& option, const std::string& path, OutputType type,
                   const std::vector<std::string>& headers = {});
  // A file in a folder that `option` names; the calls below name it "OPTION/NAME".
  void add_in_folder(const std::string& option, const std::string& folder, const std::string& name,
                     OutputType type);
  // An output to an open stream, which `path` names; it is not checked.
  void add_stream(const std::string& option, const std::string& path,
                  std::function<void(std::string_view)> stream);
  // Files that the operation reads.
  void reads(const std::vector<std::string>& paths) { read_.insert(read_.end(), paths.begin(), paths.end()); }
  // A dataset in which no output picture may be written and no new folder created; and a folder of pictures
  // to predict, in which no output picture may be written.
  void keeps_out_of(const std::string& data) { data_sets_.push_back(data); }
  void keeps_out_of_folder(const std::string& folder) { folders_.push_back(folder); }
  // A run folder whose files the operation may replace.
  void owns(const std::filesystem::path& run) { owned_runs_.push_back(run); }

  // The first line that the table will have, once it is known: replaces the possible ones. Throws Error if it
  // would replace a table with another.
  void has_header(const std::string& option, const std::string& header);

  // Creates missing folders. Throws Error if an output cannot be written or would replace a protected file,
  // and UsageError for an invalid request.
  void check() const;

  // `observer`, which also adds the files that an operation reads, and checks the outputs then. Lives as long
  // as these.
  Observer observer(const Observer& observer);

  bool has(const std::string& option) const;
  // The path if the output is a file; else empty.
  std::string file(const std::string& option) const;
  // Writes the output as replace_file() does. Throws UsageError for an output that was not added.
  void write(const std::string& option, const std::function<void(OutputFile&)>& fill) const;
  void write(const std::string& option, std::string_view bytes) const;
  // Writes JPEG if the name ends in .jpg or .jpeg, else PNG.
  void write(const std::string& option, const ImageView& picture) const;
  // As replace_files(): the first describes the others. No stream (add_stream) is among them.
  void write_together(
      const std::vector<std::pair<std::string, std::function<void(OutputFile&)>>>& files) const;

 private:
  struct Output {
    std::string option, path;  // option: "csv", or "out/config.json" for a file in the folder of `out`
    OutputType type = OutputType::table;
    std::vector<std::string> headers = {};
    std::function<void(std::string_view)> stream = {};
  };

  static std::string option_of(const Output& output);  // quoted, for messages
  const Output* find(const std::string& option) const;
  const Output& output(const std::string& option) const;
  void check_file(const Output& output) const;
  void check_replaced(const Output& output, const FileInfo& there) const;
  void check_twice() const;

  bool overwrite_;
  std::vector<Output> outputs_;
  std::vector<std::filesystem::path> read_, owned_runs_;
  std::vector<std::string> data_sets_, folders_;
};

}  // namespace graft
