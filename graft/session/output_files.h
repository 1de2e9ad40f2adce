// Files that somebody names for results, such as a table of predictions or a drawn sheet. An output never
// replaces what is not its to replace: a file that the operation reads, one of a run, one that graft did not
// write. No torch in this header.
//
//   graft::OutputFiles outputs;
//   outputs.add("csv", "answers.csv", graft::OutputType::table, {"path,rank,index,class,probability\n"});
//   outputs.reads({"model.safetensors", "cat.jpg"});   // never to be replaced (Observer::reads)
//   outputs.check();                                   // before the long work
//   outputs.write("csv", text);
//
// For one thread.
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

enum class OutputType { table, picture, page, safetensors, pth };

class OutputFiles {
 public:
  // `overwrite`: a file of another kind may be replaced, and one that is write-protected.
  explicit OutputFiles(bool overwrite = false) : overwrite_(overwrite) {}

  // `option` names the output in messages and in the calls below. An empty `path` is none. `headers`: first
  // lines that a table may have, by which an earlier one of the same kind is known.
  void add(const std::string& option, const std::string& path, OutputType type,
           const std::vector<std::string>& headers = {});
  // One that goes to an open stream, which `path` names: it is not checked.
  void add_stream(const std::string& option, const std::string& path,
                  std::function<void(std::string_view)> stream);
  // Files that the operation reads.
  void reads(const std::vector<std::string>& paths) { read_.insert(read_.end(), paths.begin(), paths.end()); }
  // A data set among whose class folders no picture is written, and a folder whose pictures are predicted.
  void keeps_out_of(const std::string& data) { data_sets_.push_back(data); }
  void keeps_out_of_folder(const std::string& folder) { folders_.push_back(folder); }
  // A run folder whose files the operation writes anew.
  void owns(const std::filesystem::path& run) { owned_runs_.push_back(run); }

  // Makes missing folders. Throws Error, and UsageError for what no disk could make good, where an output
  // cannot be written or would replace what is not its to replace.
  void check() const;

  // `observer`, which also adds the files that an operation reads, and checks the outputs then. Lives as long
  // as these.
  Observer observer(const Observer& observer);

  bool has(const std::string& option) const;
  // The path, where the output is a file; else empty.
  std::string file(const std::string& option) const;
  // As replace_file() does. Throws UsageError for an output that was not added.
  void write(const std::string& option, const std::function<void(OutputFile&)>& fill) const;
  void write(const std::string& option, std::string_view bytes) const;
  // As JPEG where the name ends in .jpg or .jpeg, else as PNG.
  void write(const std::string& option, const ImageView& picture) const;

 private:
  struct Output {
    std::string option, path;
    OutputType type = OutputType::table;
    std::vector<std::string> headers = {};
    std::function<void(std::string_view)> stream = {};
  };

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
