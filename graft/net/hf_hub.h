// Repositories of models on the Hugging Face hub, in the cache of the Python package huggingface_hub, which
// graft and Python programs can share.
//
// Environment variables, as for huggingface_hub: HF_HUB_CACHE (else HF_HOME/hub, else
// XDG_CACHE_HOME/huggingface/hub, else ~/.cache/huggingface/hub) is the cache; HF_ENDPOINT the hub's address,
// https://huggingface.co by default; HF_TOKEN, or the file HF_TOKEN_PATH (else HF_HOME/token) the access
// token, which is sent to the hub only; HF_HUB_OFFLINE=1 forbids every connection.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "graft/core/progress.h"

namespace graft {

// "hf-hub:OWNER/NAME" or "hf-hub:OWNER/NAME@REVISION"; timm's older spelling "hf_hub:" too.
struct HubName {
  std::string repository;         // "timm/resnet18.a1_in1k"
  std::string revision = "main";  // a branch, a tag or a commit
};
bool is_hub_name(const std::string& text);
// Throws UsageError for any other text.
HubName parse_hub_name(const std::string& text);

// One repository at one commit: all files come from the commit that the first one resolves to. Not
// thread-safe.
class HubRepository {
 public:
  explicit HubRepository(HubName name);

  // The path of a file ("config.json") in the cache: a symbolic link in snapshots/COMMIT. It is downloaded if
  // the cache lacks it; a branch or a tag is asked for its newest commit first, except offline or if the hub
  // cannot be reached and the cache has the file. Nothing if the repository has no such file. Throws Error if
  // the repository or revision does not exist, or needs an access token or its owner's permission.
  std::optional<std::filesystem::path> file(const std::string& file, const ProgressCallback& progress = {});

  // The same at the commit to which the revision was last resolved, if the cache has it. Makes no connection.
  std::optional<std::filesystem::path> in_cache(const std::string& file);

 private:
  std::filesystem::path snapshot() const;
  std::optional<std::filesystem::path> cached(const std::string& file) const;
  std::optional<std::filesystem::path> download(const std::string& file, const ProgressCallback& progress);

  HubName name_;
  std::filesystem::path folder_;  // models--OWNER--NAME
  std::string commit_;            // empty until the first file
};

// Whether HF_HUB_OFFLINE forbids connections.
bool is_hub_offline();

// The cache's folder. Throws Error if there is no home folder.
std::filesystem::path hub_cache();

}  // namespace graft
