// Files from their official addresses, kept where torch.hub keeps them, checked before they are used.
#pragma once

#include <filesystem>
#include <string>

#include "graft/core/progress.h"

namespace graft {

struct Download {
  std::string url;
  std::string file;    // its name in the cache
  std::string sha256;  // the whole hash in hexadecimal, or a prefix of it (torchvision's file names carry eight digits)
};

// $TORCH_HOME/hub/checkpoints, or $XDG_CACHE_HOME/torch/hub/checkpoints, or ~/.cache/torch/hub/checkpoints.
std::filesystem::path hub_checkpoints();

// The path of the file in `folder`, downloaded first if it is not there: to a temporary file beside it (resumed
// where an earlier try stopped), checked against the hash, flushed, renamed. Two processes may ask at once.
// A file already there is checked too. Throws Error; offline, its message names the URL and the place.
std::filesystem::path fetch(const Download& download, const std::filesystem::path& folder,
                            const ProgressCallback& progress = {});

// A Download for an http(s) URL given by hand: the file name is the URL's last part; the hash prefix is taken
// from a name like `resnet18-f37072fd.pth`, as torch.hub.load_state_dict_from_url(check_hash=True) does.
Download download_from_url(const std::string& url);

}  // namespace graft
