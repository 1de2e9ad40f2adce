// The files that people name on the command line for a verb to write: --csv, --grid, --out, …
//
//   Outputs outputs(console, arguments.overwrite);
//   outputs.add("--csv", arguments.csv, OutputType::table, "path,rank,…\n");
//   outputs.reads(model_file);          // never to be replaced
//   outputs.check();                    // before the long work
//   if (outputs.has("--csv")) outputs.write("--csv", text);
//
// "-" is standard output, which then holds that file alone, and so is a path that leads to it (/dev/stdout).
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/console.h"
#include "graft/core/files.h"
#include "graft/image/image.h"

namespace graft::cli {

enum class OutputType { table, picture, page, safetensors, pth };

class Outputs {
 public:
  // `overwrite`: a file of another kind may be replaced, and one that is write-protected.
  explicit Outputs(Console& console, bool overwrite = false) : console_(console), overwrite_(overwrite) {}

  // `path` is empty where the flag was not given. `headers`: first lines that a table may have, by which an
  // earlier one of the same kind is known.
  void add(const std::string& flag, const std::string& path, OutputType type,
           const std::vector<std::string>& headers = {});
  // Files that the verb reads.
  void reads(const std::vector<std::string>& paths) { read_.insert(read_.end(), paths.begin(), paths.end()); }
  // A data set among whose class folders no picture is written, and a folder whose pictures the verb takes.
  void keeps_out_of(const std::string& data) { data_sets_.push_back(data); }
  void keeps_out_of_folder(const std::string& folder) { folders_.push_back(folder); }
  // A run folder whose files the verb writes anew.
  void owns(const std::filesystem::path& run) { owned_runs_.push_back(run); }

  // Makes missing folders. Throws Error, and UsageError for what no disk could make good, where an output
  // cannot be written, or would replace what is not its to replace: a file that the verb reads, one of a run
  // folder, one of another kind. `json_flag`: what else asks for standard output ("--json"), or empty.
  void check(const std::string& json_flag = "");

  bool has(const std::string& flag) const;
  void write(const std::string& flag, const std::function<void(OutputFile&)>& fill) const;
  void write(const std::string& flag, std::string_view bytes) const;
  // As JPEG where the name ends in .jpg or .jpeg, else as PNG.
  void write(const std::string& flag, const ImageView& picture) const;
  // "wrote PATH", for people; nothing of what went to standard output.
  void say_written(const std::string& flag) const;

 private:
  struct Output {
    std::string flag, path;
    OutputType type = OutputType::table;
    std::vector<std::string> headers;
    bool standard = false;  // standard output
  };

  const Output& output(const std::string& flag) const;
  void check_standard_output(const std::string& json_flag);
  void check_file(const Output& output) const;
  void check_replaced(const Output& output, const FileInfo& there) const;
  void check_twice() const;

  Console& console_;
  bool overwrite_;
  std::vector<Output> outputs_;
  std::vector<std::filesystem::path> read_, owned_runs_;
  std::vector<std::string> data_sets_, folders_;
};

}  // namespace graft::cli
