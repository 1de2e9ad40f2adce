// Downloads of weights, in torch.hub's cache, verified before use.
#pragma once

#include <filesystem>
#include <string>

#include "graft/core/progress.h"

namespace graft {

struct Download {
  std::string url;
  std::string file;    // its name in the cache
  std::string sha256;  // the whole hash in hexadecimal, or a prefix (eight digits in torchvision's names)
  std::string git_hash = {};  // instead of sha256: git_hash_of_file (core/hash.h)
  std::string name = {};      // in Progress; empty: `file`
  std::string token = {};     // sent to the URL's own host (HttpDownload::token)
};

// torch.hub's cache of weights: $TORCH_HOME/hub/checkpoints, or $XDG_CACHE_HOME/torch/hub/checkpoints, or
// ~/.cache/torch/hub/checkpoints.
std::filesystem::path hub_checkpoints();

// The path of the file in `folder`. If it does not exist, it is downloaded to FILE.part beside it (resuming
// an earlier attempt if there is a hash to verify the whole by), checked against the hash, flushed and
// renamed. Without a hash, a web page instead of the file is refused by its content type. Safe to call from
// two processes at once. An existing file is checked too, and kept if it is wrong. Only http and https,
// redirects included; libcurl reads proxies from the environment. Throws Error; the message of a failed
// download names the URL and the path. An empty URL means that the file is not offered for download and must
// be in `folder`.
std::filesystem::path fetch(const Download& download, const std::filesystem::path& folder,
                            const ProgressCallback& progress = {});

// A Download for an http(s) URL. The file name is the URL's last part; the hash prefix is taken from a name
// like `resnet18-f37072fd.pth` (eight digits or more), as torch.hub.load_state_dict_from_url(check_hash=True)
// does. Throws UsageError for anything else.
Download download_from_url(const std::string& url);

// The file at an http(s) URL, in the hub cache. A name without a hash belongs to many addresses
// (model.safetensors): such a file is in the subfolder by_address/HASH of the address. Throws as the two
// functions above.
std::filesystem::path fetch_from_url(const std::string& url, const ProgressCallback& progress = {});

}  // namespace graft
