#include "graft/net/hub.h"

#include <cstdlib>
#include <optional>
#include <regex>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/file_lock.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "graft/core/text.h"
#include "graft/core/user_folders.h"
#include "graft/net/http.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

// The hash of a download's contents: "the SHA-256 f37072fd".
struct Hash {
  std::string name, value;

  explicit Hash(const Download& download)
      : name(download.sha256.empty() ? "Git hash" : "SHA-256"),
        value(to_lower_ascii(download.sha256.empty() ? download.git_hash : download.sha256)) {}

  bool is_known() const { return !value.empty(); }
  std::string of(const fs::path& path) const {
    return name == "SHA-256" ? sha256_hex_of_file(path) : git_hash_of_file(path);
  }
  bool fits(const fs::path& path) const { return of(path).starts_with(value); }
};

void check_existing(const fs::path& path, const Download& download) {
  const Hash hash(download);
  if (!hash.is_known() || hash.fits(path)) return;
  throw Error(path.string(),
              "does not have the " + hash.name + " " + hash.value + ": it is damaged or another file",
              "remove it and try again");
}

bool is_http(const std::string& url) {
  const std::string lower = to_lower_ascii(url);
  return lower.starts_with("http://") || lower.starts_with("https://");
}

// One download under the lock on its temporary file.
class Fetch {
 public:
  Fetch(const Download& download, fs::path path, fs::path part, const ProgressCallback& progress)
      : download_(download),
        hash_(download),
        path_(std::move(path)),
        part_(std::move(part)),
        progress_(progress) {}

  void run() {
    const bool can_resume = hash_.is_known();
    const bool resumed = can_resume && size() > 0;
    // An earlier attempt may have ended between the last byte and the rename.
    if (!(resumed && hash_.fits(part_))) {
      transfer(can_resume);
      // The partial file may be the start of another file.
      if (resumed && !hash_.fits(part_)) transfer(false);
      if (can_resume && !hash_.fits(part_)) refuse_content();
    }
    disk().rename(part_, path_);
    disk().sync_directory(path_.parent_path());
  }

 private:
  std::uint64_t size() const {
    const auto info = disk().info(part_);
    return info ? info->size : 0;
  }

  void transfer(bool resume) {
    constexpr int tries = 3;
    HttpDownload request;
    request.url = download_.url;
    request.file = part_;
    request.refuse_html = !hash_.is_known();
    request.name = download_.name.empty() ? download_.file : download_.name;
    request.token = download_.token;
    HttpResult result;
    for (int i = 0; i < tries; ++i) {
      request.resume = resume && result.outcome != HttpResult::no_range;
      result = graft::download(request, progress_);
      if (result.outcome == HttpResult::complete) return;
      if (result.outcome == HttpResult::failed) break;
    }
    if (size() == 0 || !resume) disk().remove(part_);  // cannot be resumed
    throw Error(download_.url, "cannot be downloaded: " + result.problem,
                "download it by other means and put it at " + path_.string());
  }

  [[noreturn]] void refuse_content() {
    const std::string hash = hash_.of(part_);
    disk().remove(part_);
    throw Error(download_.url, "sent a file of " + hash_.name + " " + hash + ", not " + hash_.value,
                "download it by other means and put it at " + path_.string());
  }

  const Download& download_;
  Hash hash_;
  fs::path path_, part_;
  const ProgressCallback& progress_;
};

// The missing folders of `path`, innermost first.
std::vector<fs::path> missing_folders(fs::path path) {
  std::vector<fs::path> missing;
  for (; !path.empty() && !disk().info(path); path = path.parent_path()) missing.push_back(path);
  return missing;
}

// A partial file stays, with its folder: the next attempt resumes it.
void remove_empty(const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) {
    if (!disk().info(folder)) continue;
    if (!disk().list(folder).empty()) return;
    disk().remove(folder);
  }
}

fs::path fetch_into_folder(const Download& download, const fs::path& path, const ProgressCallback& progress) {
  const fs::path part = path.string() + ".part";
  const FileLock lock(part);
  if (disk().info(path)) {  // another process has downloaded it
    disk().remove(part);
    check_existing(path, download);
    return path;
  }
  Fetch(download, path, part, progress).run();
  return path;
}

}  // namespace

fs::path hub_checkpoints() {
  const char* torch_home = std::getenv("TORCH_HOME");
  std::optional<fs::path> torch;
  if (torch_home != nullptr && *torch_home != '\0') {
    torch = expand_home(torch_home);
  } else if (const auto cache = cache_folder()) {
    torch = *cache / "torch";
  }
  if (!torch)
    throw Error("HOME",
                "is not set and the user has no home folder, so there is no folder for the weights cache",
                "set TORCH_HOME to a folder");
  return *torch / "hub/checkpoints";
}

fs::path fetch(const Download& download, const fs::path& folder, const ProgressCallback& progress) {
  if (download.file.empty() || download.file == "." || download.file == ".." ||
      download.file.find('/') != std::string::npos) {
    throw UsageError(download.file, "is not a file's name");
  }
  fs::path path = folder / download.file;
  if (disk().info(path)) {
    check_existing(path, download);
    return path;
  }
  if (download.url.empty())
    throw Error(path.string(), "does not exist and has no download address", "put it there");
  if (!is_http(download.url)) throw UsageError(download.url, "is not an http or https address");
  const std::vector<fs::path> made = missing_folders(folder);
  disk().make_directories(folder);
  try {
    return fetch_into_folder(download, path, progress);
  } catch (const Error&) {
    remove_empty(made);
    throw;
  }
}

Download download_from_url(const std::string& url) {
  if (!is_http(url)) throw UsageError(printable(url), "is not an http or https address");
  const std::string without_query = url.substr(0, url.find_first_of("?#"));
  const std::size_t host = without_query.find("://") + 3;
  const std::size_t slash = without_query.rfind('/');
  Download download{url, slash < host ? "" : without_query.substr(slash + 1), ""};
  if (download.file.empty() || download.file == "." || download.file == "..") {
    throw UsageError(printable(url), "does not end in a file's name",
                     "give the address of a .pth or .safetensors file");
  }
  static const std::regex hash_in_name("-([0-9a-f]{8,64})\\.");
  std::smatch match;
  if (std::regex_search(download.file, match, hash_in_name)) download.sha256 = match[1];
  return download;
}

fs::path fetch_from_url(const std::string& url, const ProgressCallback& progress) {
  const Download download = download_from_url(url);
  if (!download.sha256.empty()) return fetch(download, hub_checkpoints(), progress);
  const std::vector<std::uint8_t> bytes(url.begin(), url.end());
  return fetch(download, hub_checkpoints() / "by_address" / sha256_hex(bytes).substr(0, 16), progress);
}

}  // namespace graft
