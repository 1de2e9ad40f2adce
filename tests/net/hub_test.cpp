#include "graft/net/hub.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <thread>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "tests/support/environment.h"
#include "tests/support/error_of.h"
#include "tests/support/failing_disk.h"
#include "tests/support/http_server.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using test::error_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string hash_of(const std::string& text) {
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

class Hub : public testing::Test {
 protected:
  Download asked(const std::string& sha256) const { return {server_.url("/w.pth"), "w.pth", sha256}; }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const DirectoryEntry& entry : disk().list(folder_)) result.push_back(entry.name);
    return result;
  }

  test::HttpServer server_;
  test::TemporaryFolder temporary_;
  std::filesystem::path folder_ = temporary_.path() / "hub/checkpoints";
  std::string body_ = std::string(200'000, 'w') + "eights";
};

TEST_F(Hub, FetchesOnceAndChecksEveryTime) {
  server_.serve("/w.pth", {.body = body_});
  for (const std::string& hash : {hash_of(body_), hash_of(body_).substr(0, 8), std::string()}) {
    EXPECT_EQ(fetch(asked(hash), folder_), folder_ / "w.pth");
  }
  EXPECT_EQ(read_text(folder_ / "w.pth"), body_);
  EXPECT_EQ(server_.requests().size(), 1U);
  EXPECT_THAT(names(), ElementsAre("w.pth"));
}

TEST_F(Hub, AddressesWithTheSameNameHaveTheirOwnFiles) {
  const test::Environment home("TORCH_HOME", temporary_.path().string());
  const std::string hashed = "/net-" + hash_of(body_).substr(0, 8) + ".pth";
  server_.serve("/a/model.safetensors", {.body = "first"});
  server_.serve("/b/model.safetensors", {.body = "second"});
  server_.serve(hashed, {.body = body_});
  const auto fetched = [&](const std::string& path) { return fetch_from_url(server_.url(path)); };
  for (int time = 0; time < 2; ++time) {
    EXPECT_EQ(read_text(fetched("/a/model.safetensors")), "first");
    EXPECT_EQ(read_text(fetched("/b/model.safetensors")), "second");
    EXPECT_EQ(fetched(hashed), folder_ / hashed.substr(1));
  }
  EXPECT_EQ(server_.requests().size(), 3U);
  EXPECT_EQ(fetched("/a/model.safetensors").parent_path().parent_path(), folder_ / "by_address");
}

TEST_F(Hub, AWrongFileIsReportedAndKept) {
  temporary_.write("hub/checkpoints/w.pth", "something of the user's");
  EXPECT_THAT(error_of([&] { fetch(asked("f37072fd"), folder_); }),
              AllOf(HasSubstr((folder_ / "w.pth").string()), HasSubstr("f37072fd"),
                    HasSubstr("remove it and try again")));
  EXPECT_EQ(read_text(folder_ / "w.pth"), "something of the user's");
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(Hub, AWrongDownloadIsRefusedAndRemoved) {
  server_.serve("/w.pth", {.body = "<html>log in first</html>", .content_type = "text/html"});
  EXPECT_THAT(error_of([&] { fetch(asked(hash_of(body_)), folder_); }), HasSubstr("sent a file of SHA-256"));
  EXPECT_THAT(error_of([&] { fetch(asked(""), folder_); }), HasSubstr("web page"));
  EXPECT_FALSE(disk().info(folder_));
}

// Existing folders stay, and so does the partial file, which the next attempt resumes.
TEST_F(Hub, AFailedFetchLeavesNoEmptyFolders) {
  std::filesystem::create_directories(temporary_.path() / "hub");
  EXPECT_THAT(error_of([&] { fetch(asked(""), folder_); }), HasSubstr("cannot be downloaded"));
  EXPECT_TRUE(disk().info(temporary_.path() / "hub"));
  EXPECT_FALSE(disk().info(folder_));
  server_.serve("/w.pth", {.body = body_, .cut_at = 50'000, .cuts = 99});
  EXPECT_THAT(error_of([&] { fetch(asked(hash_of(body_)), folder_); }), HasSubstr("cannot be downloaded"));
  EXPECT_THAT(names(), ElementsAre("w.pth.part"));
}

TEST_F(Hub, ABreakIsResumedWithinOneCall) {
  server_.serve("/w.pth", {.body = body_, .cut_at = 50'000, .cuts = 2});
  fetch(asked(hash_of(body_)), folder_);
  EXPECT_EQ(read_text(folder_ / "w.pth"), body_);
  EXPECT_THAT(server_.requests(),
              ElementsAre("GET /w.pth", "GET /w.pth bytes=50000-", "GET /w.pth bytes=100000-"));
}

TEST_F(Hub, ABreakIsResumedByALaterCall) {
  server_.serve("/w.pth", {.body = body_, .cut_at = 10'000, .cuts = 3});
  EXPECT_THAT(error_of([&] { fetch(asked(hash_of(body_)), folder_); }), HasSubstr("cannot be downloaded"));
  EXPECT_THAT(names(), ElementsAre("w.pth.part"));
  fetch(asked(hash_of(body_)), folder_);
  EXPECT_EQ(read_text(folder_ / "w.pth"), body_);
  EXPECT_EQ(server_.requests().back(), "GET /w.pth bytes=30000-");
  EXPECT_THAT(names(), ElementsAre("w.pth"));
}

TEST_F(Hub, WithoutAHashNothingIsResumed) {
  temporary_.write("hub/checkpoints/w.pth.part", "the start of who knows what");
  server_.serve("/w.pth", {.body = body_});
  fetch(asked(""), folder_);
  EXPECT_EQ(read_text(folder_ / "w.pth"), body_);
  EXPECT_THAT(server_.requests(), ElementsAre("GET /w.pth"));
}

TEST_F(Hub, APartOfAnotherFileIsDiscarded) {
  for (const std::size_t length :
       {std::size_t{100}, std::size_t{300'000}}) {  // shorter and longer than the file
    if (disk().info(folder_ / "w.pth")) disk().remove(folder_ / "w.pth");
    temporary_.write("hub/checkpoints/w.pth.part", std::string(length, '?'));
    server_.serve("/w.pth", {.body = body_});
    fetch(asked(hash_of(body_)), folder_);
    EXPECT_EQ(read_text(folder_ / "w.pth"), body_);
    EXPECT_EQ(server_.requests().back(), "GET /w.pth");
  }
}

TEST_F(Hub, AWholePartIsUsedWithoutTheNetwork) {
  temporary_.write("hub/checkpoints/w.pth.part", body_);
  fetch(asked(hash_of(body_)), folder_);
  EXPECT_EQ(read_text(folder_ / "w.pth"), body_);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(Hub, OfflineOneMessageNamesTheAddressAndThePlace) {
  Download gone = asked("");
  {
    const test::HttpServer closed;
    gone.url = closed.url("/w.pth");
  }
  EXPECT_THAT(error_of([&] { fetch(gone, folder_); }),
              AllOf(HasSubstr(gone.url), HasSubstr("cannot be downloaded"),
                    HasSubstr("put it at " + (folder_ / "w.pth").string())));
  EXPECT_FALSE(disk().info(folder_));
}

TEST_F(Hub, AFullDiskLeavesNoCompleteFile) {
  server_.serve("/w.pth", {.body = body_});
  test::FailingDisk failing;
  failing.bytes_left = 1000;
  {
    const ScopedDisk scope(failing);
    EXPECT_THAT(error_of([&] { fetch(asked(hash_of(body_)), folder_); }), HasSubstr("No space left"));
  }
  EXPECT_FALSE(disk().info(folder_ / "w.pth"));
  fetch(asked(hash_of(body_)), folder_);  // and the next attempt resumes
  EXPECT_EQ(server_.requests().back(), "GET /w.pth bytes=1000-");
}

TEST_F(Hub, ManyAtOnceDownloadOnce) {
  server_.serve("/w.pth", {.body = body_});
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { fetch(asked(hash_of(body_)), folder_); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(read_text(folder_ / "w.pth"), body_);
  EXPECT_EQ(server_.requests().size(), 1U);
  EXPECT_THAT(names(), ElementsAre("w.pth"));
}

TEST_F(Hub, RefusesOtherSchemesAndNames) {
  EXPECT_THAT(error_of([&] {
                fetch({"file:///etc/passwd", "p", ""}, folder_);
              }),
              HasSubstr("not an http or https"));
  EXPECT_THAT(error_of([&] {
                fetch({server_.url("/w.pth"), "../w.pth", ""}, folder_);
              }),
              HasSubstr("not a file's name"));
  EXPECT_THAT(error_of([&] {
                fetch({server_.url("/w.pth"), "..", ""}, folder_);
              }),
              HasSubstr("not a file's name"));
  EXPECT_THAT(error_of([&] { fetch({"", "w.pth", ""}, folder_); }), HasSubstr("no download address"));
}

TEST(DownloadFromUrl, HasTheNameAndTheHash) {
  const Download weights =
      download_from_url("https://example.org/models/resnet18-f37072fd.pth?download=1#top");
  EXPECT_EQ(weights.url, "https://example.org/models/resnet18-f37072fd.pth?download=1#top");
  EXPECT_EQ(weights.file, "resnet18-f37072fd.pth");
  EXPECT_EQ(weights.sha256, "f37072fd");
  EXPECT_EQ(download_from_url("http://h/net-2024.pth").sha256, "");  // fewer than eight digits are not a hash
  EXPECT_EQ(download_from_url("HTTP://h/a-b.safetensors").sha256, "");
}

TEST(DownloadFromUrl, RefusesOtherAddresses) {
  for (const char* url :
       {"ftp://h/a.pth", "/a.pth", "file:///a.pth", "https://h", "https://h/", "https://h/..", ""}) {
    EXPECT_THROW(download_from_url(url), UsageError) << url;
  }
}

class HubFolder : public testing::Test {
 protected:
  HubFolder() {
    for (const char* name : {"TORCH_HOME", "XDG_CACHE_HOME", "HOME"}) {
      const char* value = std::getenv(name);
      saved_.emplace_back(name, value == nullptr ? std::nullopt : std::optional<std::string>(value));
      ::unsetenv(name);
    }
  }
  ~HubFolder() override {
    for (const auto& [name, value] : saved_) value ? ::setenv(name, value->c_str(), 1) : ::unsetenv(name);
  }
  static void set(const char* name, const char* value) { ::setenv(name, value, 1); }

 private:
  std::vector<std::pair<const char*, std::optional<std::string>>> saved_;
};

TEST_F(HubFolder, IsTheSameAsInTorchHub) {
  set("TORCH_HOME", "");
  set("HOME", "/home/me");
  EXPECT_EQ(hub_checkpoints(), "/home/me/.cache/torch/hub/checkpoints");
  set("XDG_CACHE_HOME", "/cache");
  EXPECT_EQ(hub_checkpoints(), "/cache/torch/hub/checkpoints");
  set("TORCH_HOME", "~/torch");
  EXPECT_EQ(hub_checkpoints(), "/home/me/torch/hub/checkpoints");
  set("TORCH_HOME", "/t");
  EXPECT_EQ(hub_checkpoints(), "/t/hub/checkpoints");
}

}  // namespace
}  // namespace graft
