// Files from their official addresses, kept where torch.hub keeps them, checked before they are used.
#pragma once

#include <filesystem>
#include <string>

#include "graft/core/progress.h"

namespace graft {

struct Download {
  std::string url;
  std::string file;    // its name in the cache
  std::string sha256;  // the whole hash in hexadecimal, or a prefix of it (torchvision's file names carry
                       // eight digits)
};

// Where torch.hub keeps weights: $TORCH_HOME/hub/checkpoints, or $XDG_CACHE_HOME/torch/hub/checkpoints, or
// ~/.cache/torch/hub/checkpoints.
std::filesystem::path hub_checkpoints();

// The path of the file in `folder`, downloaded first if it is not there: to FILE.part beside it (resumed
// where an earlier try stopped, if there is a hash to check the whole by), checked against the hash, flushed,
// renamed. Without a hash, a web page in place of the file is refused by its content type. Two processes may
// ask at once. A file already there is checked too, and left alone if it is wrong. Only http and https,
// redirects included; proxies as libcurl takes them from the environment. Throws Error; offline, its message
// names the URL and the place. An empty URL means that the file is not offered: it must be in `folder`
// already.
std::filesystem::path fetch(const Download& download, const std::filesystem::path& folder,
                            const ProgressCallback& progress = {});

// A Download for an http(s) URL given by hand: the file name is the URL's last part; the hash prefix is taken
// from a name like `resnet18-f37072fd.pth` (eight digits or more), as
// torch.hub.load_state_dict_from_url(check_hash=True) does. Throws UsageError on anything else.
Download download_from_url(const std::string& url);

}  // namespace graft
