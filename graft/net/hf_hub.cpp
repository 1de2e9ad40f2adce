#include "graft/net/hf_hub.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string_view>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/core/user_folders.h"
#include "graft/net/http.h"
#include "graft/net/hub.h"

namespace graft {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

bool is_set(const char* name) {
  const std::string value = to_lower_ascii(variable(name));
  return value == "1" || value == "true" || value == "yes" || value == "on";
}

fs::path expanded(const std::string& path) {
  const auto whole = expand_home(path);
  if (!whole) throw Error(path, "has a ~, and the user has no home folder", "set HF_HOME to a folder");
  return *whole;
}

fs::path hf_home() {
  if (const std::string home = variable("HF_HOME"); !home.empty()) return expanded(home);
  const auto cache = cache_folder();
  if (!cache)
    throw Error("HOME",
                "is not set and the user has no home folder, so there is no folder for the hub's cache",
                "set HF_HOME to a folder");
  return *cache / "huggingface";
}

std::string endpoint() {
  std::string address = variable("HF_ENDPOINT");
  if (address.empty()) address = "https://huggingface.co";
  while (address.ends_with('/')) address.pop_back();
  return address;
}

constexpr std::uint64_t max_small_file = 4096;  // a token, or a commit

std::string read_line(const fs::path& path) {
  const auto info = disk().info(path);
  if (!info || info->kind != FileKind::regular || info->size > max_small_file) return "";
  const auto bytes = disk().read(path, max_small_file);
  return trimmed(std::string(bytes.begin(), bytes.end()));
}

std::string access_token() {
  if (const std::string token = trimmed(variable("HF_TOKEN")); !token.empty()) return token;
  const std::string path = variable("HF_TOKEN_PATH");
  try {
    return read_line(path.empty() ? hf_home() / "token" : expanded(path));
  } catch (const Error&) {  // no home folder, or an unreadable file: without a token
    return "";
  }
}

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}
bool is_commit(const std::string& text) { return text.size() == 40 && is_hex(text); }

// The characters that the hub allows in the names of owners and repositories.
bool is_name_part(std::string_view part) {
  const bool known = std::all_of(part.begin(), part.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
  });
  return known && !part.empty() && part.size() <= 96 && !part.starts_with('.') && !part.ends_with('.') &&
         part.find("..") == std::string_view::npos && part.find("--") == std::string_view::npos;
}

bool is_revision(const std::string& text) {
  const auto parts = split(text, '/');
  return !text.empty() && text.size() <= 200 && std::all_of(parts.begin(), parts.end(), is_name_part);
}

constexpr std::string_view prefixes[] = {"hf-hub:", "hf_hub:"};

// "/" within a revision is written %2F in an address. The other characters of names need no escape.
std::string in_address(const std::string& revision) { return join(split(revision, '/'), "%2F"); }

// "etag" of the headers, without quotes and the mark of a weak one.
std::string tag_in(const std::map<std::string, std::string>& headers) {
  for (const char* name : {"x-linked-etag", "etag"}) {
    const auto found = headers.find(name);
    if (found == headers.end()) continue;
    std::string tag = found->second;
    if (tag.starts_with("W/")) tag.erase(0, 2);
    std::erase(tag, '"');
    return tag;
  }
  return "";
}

std::string header(const HttpHead& head, const char* name) {
  const auto found = head.headers.find(name);
  return found == head.headers.end() ? "" : found->second;
}

}  // namespace

fs::path hub_cache() {
  for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
    if (const std::string folder = variable(name); !folder.empty()) return expanded(folder);
  }
  return hf_home() / "hub";
}

bool is_hub_name(const std::string& text) {
  return text.starts_with(prefixes[0]) || text.starts_with(prefixes[1]);
}

HubName parse_hub_name(const std::string& text) {
  HubName name{is_hub_name(text) ? text.substr(prefixes[0].size()) : ""};
  if (const std::size_t at = name.repository.find('@'); at != std::string::npos) {
    name.revision = name.repository.substr(at + 1);
    name.repository.erase(at);
  }
  const auto parts = split(name.repository, '/');
  if (parts.size() > 2 || !std::all_of(parts.begin(), parts.end(), is_name_part) ||
      !is_revision(name.revision))
    throw UsageError("\"" + printable(text) + "\"", "is not a repository of the Hugging Face hub",
                     "write hf-hub:OWNER/NAME, or hf-hub:OWNER/NAME@REVISION");
  return name;
}

HubRepository::HubRepository(HubName name)
    : name_(std::move(name)), folder_(hub_cache() / ("models--" + join(split(name_.repository, '/'), "--"))) {
  if (is_commit(name_.revision)) commit_ = name_.revision;
}

fs::path HubRepository::snapshot() const { return folder_ / "snapshots" / commit_; }

std::optional<fs::path> HubRepository::cached(const std::string& file) const {
  if (commit_.empty() || !disk().info(snapshot() / file)) return std::nullopt;
  return snapshot() / file;
}

bool is_hub_offline() { return is_set("HF_HUB_OFFLINE"); }

std::optional<fs::path> HubRepository::in_cache(const std::string& file) {
  if (commit_.empty()) commit_ = read_line(folder_ / "refs" / name_.revision);
  return is_commit(commit_) ? cached(file) : std::nullopt;
}

std::optional<fs::path> HubRepository::file(const std::string& file, const ProgressCallback& progress) {
  // A commit does not change.
  if (auto path = cached(file)) return path;
  if (!commit_.empty() && disk().info(folder_ / ".no_exist" / commit_ / file)) return std::nullopt;
  if (!is_hub_offline()) return download(file, progress);
  const bool first = commit_.empty();
  if (auto path = in_cache(file)) return path;
  // A repository without this file looks the same as an incomplete cache, except after the first file.
  if (!first && file != "config.json") return std::nullopt;
  throw Error("hf-hub:" + name_.repository,
              (is_commit(commit_) ? file + " of revision \"" + name_.revision + "\""
                                  : "revision \"" + name_.revision + "\"") +
                  " is not in " + folder_.string() + ", and HF_HUB_OFFLINE forbids downloads",
              "unset HF_HUB_OFFLINE, or copy the repository's cache there");
}

std::optional<fs::path> HubRepository::download(const std::string& file, const ProgressCallback& progress) {
  const std::string where = "hf-hub:" + name_.repository, page = endpoint() + "/" + name_.repository;
  const std::string revision = commit_.empty() ? name_.revision : commit_;
  const std::string url = page + "/resolve/" + in_address(revision) + "/" + file;
  const std::string token = access_token();
  const HttpHead head = http_head(url, token);
  const std::string code = header(head, "x-error-code");
  if (!head.reached || head.status >= 500) {
    if (auto path = in_cache(file)) return path;
    throw Error(
        url,
        "cannot be reached: " + (head.reached ? "HTTP status " + std::to_string(head.status) : head.problem),
        "check the connection, or copy the repository's cache to " + folder_.string());
  }
  if (code == "GatedRepo")
    throw Error(where, "is gated: its owner grants access to each user",
                "ask for access at " + page + ", and set HF_TOKEN to an access token of your account");
  if (code == "RevisionNotFound")
    throw Error(where, "has no revision \"" + name_.revision + "\"", "see " + page + "/tree/main");
  if (code == "EntryNotFound") {
    const std::string commit = header(head, "x-repo-commit");
    if (commit_.empty() && is_commit(commit)) commit_ = commit;
    return std::nullopt;
  }
  if (head.status == 401 || head.status == 403 || head.status == 404)
    throw Error(where, "does not exist at " + endpoint() + ", or is private",
                token.empty() ? "check the name; for a private repository, set HF_TOKEN to an access token"
                              : "check the name, and whether the account of HF_TOKEN may read it");
  const std::string commit = header(head, "x-repo-commit"), tag = tag_in(head.headers);
  const bool has_tag = is_hex(tag) && (tag.size() == 40 || tag.size() == 64);
  if (head.status >= 400 || !is_commit(commit) || !has_tag)
    throw Error(url,
                "is not an answer of a Hugging Face hub (HTTP status " + std::to_string(head.status) + ")",
                "check HF_ENDPOINT and the proxy");
  commit_ = commit;
  Download blob{.url = url, .file = tag, .sha256 = tag.size() == 64 ? tag : ""};
  if (tag.size() == 40) blob.git_hash = tag;
  blob.name = file;
  blob.token = token;
  fetch(blob, folder_ / "blobs", progress);
  const fs::path reference = folder_ / "refs" / name_.revision, link = snapshot() / file;
  if (!is_commit(name_.revision) && read_line(reference) != commit_) {
    disk().make_directories(reference.parent_path());
    replace_file(reference, commit_);
  }
  disk().make_directories(link.parent_path());
  disk().link((folder_ / "blobs" / tag).lexically_relative(link.parent_path()), link);
  return link;
}

}  // namespace graft
