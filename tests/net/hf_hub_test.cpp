#include "graft/net/hf_hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "tests/support/error_of.h"
#include "tests/support/http_server.h"
#include "tests/support/temporary_folder.h"

namespace graft::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string commit = "0123456789abcdef0123456789abcdef01234567";
const std::string later_commit = "fedcba9876543210fedcba9876543210fedcba98";

// A server that answers as the hub: small files under Git's hash, large ones under their SHA-256 and, after a
// redirect, from another host.
class HubServer : public testing::Test {
 protected:
  HubServer() {
    for (const char* name : {"HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_ENDPOINT", "HF_TOKEN",
                             "HF_TOKEN_PATH", "HF_HUB_OFFLINE"}) {
      const char* value = std::getenv(name);
      before_.emplace_back(name, value == nullptr ? std::nullopt : std::optional<std::string>(value));
      ::unsetenv(name);
    }
    set("HF_HOME", folder_.path().string());
    set("HF_ENDPOINT", server_.url("/"));
    serve_small("config.json", commit, R"({"architecture": "resnet18"})");
    serve_large("model.safetensors", commit, std::string(100'000, 'w'));
    server_.serve("/timm/net/resolve/" + commit + "/none.bin",
                  {.status = 404, .headers = {{"X-Error-Code", "EntryNotFound"}, {"X-Repo-Commit", commit}}});
  }
  ~HubServer() override {
    for (const auto& [name, value] : before_) value ? ::setenv(name, value->c_str(), 1) : ::unsetenv(name);
  }
  static void set(const char* name, const std::string& value) { ::setenv(name, value.c_str(), 1); }

  void serve_small(const std::string& file, const std::string& at, const std::string& body) {
    folder_.write("small", body);
    const std::string tag = git_hash_of_file(folder_.path() / "small");
    const Answer answer{.body = body, .headers = {{"ETag", "\"" + tag + "\""}, {"X-Repo-Commit", at}}};
    server_.serve("/timm/net/resolve/main/" + file, answer);
    server_.serve("/timm/net/resolve/" + at + "/" + file, answer);
  }
  void serve_large(const std::string& file, const std::string& at, const std::string& body) {
    const Answer answer{.status = 302,
                        .location = other_.url("/store/" + file),
                        .headers = {{"X-Linked-Etag", "\"" + sha256_of(body) + "\""}, {"X-Repo-Commit", at}}};
    other_.serve("/store/" + file, {.body = body});
    server_.serve("/timm/net/resolve/main/" + file, answer);
    server_.serve("/timm/net/resolve/" + at + "/" + file, answer);
  }
  static std::string sha256_of(const std::string& text) {
    return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }

  static HubRepository repository(const std::string& name = "hf-hub:timm/net") {
    return HubRepository(parse_hub_name(name));
  }
  fs::path cache() const { return folder_.path() / "hub/models--timm--net"; }

  TemporaryFolder folder_;
  HttpServer server_, other_;
  std::vector<std::pair<const char*, std::optional<std::string>>> before_;
};

TEST(HubNames, AreAnOwnerAndAName) {
  EXPECT_EQ(parse_hub_name("hf-hub:timm/resnet18.a1_in1k").repository, "timm/resnet18.a1_in1k");
  EXPECT_EQ(parse_hub_name("hf-hub:timm/resnet18.a1_in1k").revision, "main");
  EXPECT_EQ(parse_hub_name("hf_hub:gpt2@refs/pr/1").revision, "refs/pr/1");
  for (const char* name :
       {"timm/net", "hf-hub:", "hf-hub:a/b/c", "hf-hub:../net", "hf-hub:timm/..", "hf-hub:/net",
        "hf-hub:timm/net@", "hf-hub:timm/net@../x", "hf-hub:a--b/net", "hf-hub:a b/net"})
    EXPECT_THROW(parse_hub_name(name), UsageError) << name;
}

TEST_F(HubServer, FilesAreLaidOutAsByHuggingfaceHub) {
  HubRepository hub = repository();
  const auto config = hub.file("config.json"), weights = hub.file("model.safetensors");
  EXPECT_EQ(config, cache() / "snapshots" / commit / "config.json");
  EXPECT_EQ(read_text(*config), R"({"architecture": "resnet18"})");
  EXPECT_EQ(fs::file_size(*weights), 100'000U);
  EXPECT_EQ(read_text(cache() / "refs/main"), commit);
  EXPECT_EQ(fs::read_symlink(*weights), fs::path("../../blobs") / sha256_of(std::string(100'000, 'w')));
  EXPECT_EQ(hub.file("none.bin"), std::nullopt);
  EXPECT_THAT(other_.requests(), ElementsAre("GET /store/model.safetensors"));
}

TEST_F(HubServer, ANewCommitOfABranchIsFetchedAndACommitIsNotAskedForAgain) {
  repository().file("config.json");
  serve_small("config.json", later_commit, R"({"architecture": "resnet34"})");
  HubRepository hub = repository();
  EXPECT_EQ(read_text(*hub.file("config.json")), R"({"architecture": "resnet34"})");
  EXPECT_EQ(read_text(cache() / "refs/main"), later_commit);
  const std::size_t asked = server_.requests().size();
  EXPECT_EQ(read_text(*repository("hf-hub:timm/net@" + commit).file("config.json")),
            R"({"architecture": "resnet18"})");
  EXPECT_EQ(server_.requests().size(), asked);
}

TEST_F(HubServer, TheCacheServesWithoutAConnection) {
  repository().file("config.json");
  const std::size_t asked = server_.requests().size();
  set("HF_HUB_OFFLINE", "1");
  HubRepository offline = repository();
  EXPECT_TRUE(offline.file("config.json"));
  EXPECT_EQ(offline.file("model.safetensors"), std::nullopt);
  EXPECT_EQ(server_.requests().size(), asked);
  EXPECT_THAT(error_of([] { repository("hf-hub:timm/other").file("config.json"); }),
              HasSubstr("revision \"main\" is not in " + hub_cache().string() +
                        "/models--timm--other, and "
                        "HF_HUB_OFFLINE forbids downloads"));
  EXPECT_TRUE(is_hub_offline());
  EXPECT_TRUE(repository().in_cache("config.json"));
  EXPECT_FALSE(repository().in_cache("model.safetensors"));
  EXPECT_FALSE(repository("hf-hub:timm/net@v1").in_cache("config.json"));
  EXPECT_FALSE(repository("hf-hub:timm/other").in_cache("config.json"));
  ::unsetenv("HF_HUB_OFFLINE");
  set("HF_ENDPOINT", "http://127.0.0.1:1");
  EXPECT_TRUE(repository().file("config.json"));
  EXPECT_THAT(error_of([] { repository("hf-hub:timm/other").file("config.json"); }),
              AllOf(HasSubstr("http://127.0.0.1:1/timm/other/resolve/main/config.json: cannot be reached"),
                    HasSubstr("models--timm--other")));
}

TEST_F(HubServer, TheTokenIsSentToTheHubOnly) {
  set("HF_TOKEN", "hf_secret");
  repository().file("model.safetensors");
  EXPECT_THAT(server_.requests(), Contains("GET /timm/net/resolve/main/model.safetensors Bearer hf_secret"));
  EXPECT_THAT(other_.requests(), ElementsAre("GET /store/model.safetensors"));
  ::unsetenv("HF_TOKEN");
  folder_.write("token", "hf_from_file\n");
  repository().file("config.json");
  EXPECT_THAT(server_.requests(), Contains("HEAD /timm/net/resolve/main/config.json Bearer hf_from_file"));
}

TEST_F(HubServer, SaysWhyThereIsNoFile) {
  const auto refused = [&](int status, const char* code) {
    std::map<std::string, std::string> headers;
    if (*code != '\0') headers["X-Error-Code"] = code;
    server_.serve("/timm/net/resolve/main/config.json", {.status = status, .headers = headers});
    return error_of([] { repository().file("config.json"); });
  };
  EXPECT_THAT(
      refused(401, "RepoNotFound"),
      AllOf(HasSubstr("hf-hub:timm/net: does not exist at http://127.0.0.1"), HasSubstr("set HF_TOKEN")));
  EXPECT_THAT(refused(403, "GatedRepo"),
              AllOf(HasSubstr("is gated"), HasSubstr("/timm/net, and set HF_TOKEN")));
  EXPECT_THAT(refused(404, "RevisionNotFound"), HasSubstr("has no revision \"main\""));
  EXPECT_THAT(refused(503, ""), HasSubstr("cannot be reached: HTTP status 503"));
  EXPECT_THAT(refused(200, ""), HasSubstr("is not an answer of a Hugging Face hub"));
  set("HF_TOKEN", "hf_secret");
  EXPECT_THAT(refused(404, "RepoNotFound"),
              AllOf(HasSubstr("the account of HF_TOKEN"), Not(HasSubstr("hf_secret"))));
  EXPECT_FALSE(fs::exists(cache() / "refs/main"));
}

TEST_F(HubServer, ADamagedDownloadIsRefused) {
  other_.serve("/store/model.safetensors", {.body = std::string(100'000, 'x')});
  EXPECT_THAT(error_of([] { repository().file("model.safetensors"); }), HasSubstr("sent a file of SHA-256"));
  EXPECT_FALSE(fs::exists(cache() / "snapshots"));
}

TEST_F(HubServer, ABrokenDownloadIsResumed) {
  other_.serve("/store/model.safetensors", {.body = std::string(100'000, 'w'), .cut_at = 40'000});
  EXPECT_TRUE(repository().file("model.safetensors"));
  EXPECT_THAT(other_.requests(),
              ElementsAre("GET /store/model.safetensors", "GET /store/model.safetensors bytes=40000-"));
}

TEST_F(HubServer, ARenamedRepositoryIsFollowed) {
  server_.serve("/old/net/resolve/main/config.json",
                {.status = 307, .location = "/timm/net/resolve/main/config.json"});
  EXPECT_TRUE(repository("hf-hub:old/net").file("config.json"));
}

}  // namespace
}  // namespace graft::test
