#include "graft/net/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/failing_disk.h"
#include "tests/support/http_server.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using test::HttpServer;
using testing::ElementsAre;
using testing::HasSubstr;

class Http : public testing::Test {
 protected:
  HttpDownload request(const std::string& path) const {
    HttpDownload download;
    download.url = server_.url(path);
    download.file = file_;
    download.name = "file";
    return download;
  }

  HttpServer server_;
  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_.path() / "file";
};

TEST_F(Http, DownloadsAndReportsBytes) {
  server_.serve("/a", {.body = std::string(500'000, 'x')});
  Progress last;
  EXPECT_EQ(download(request("/a"), [&](const Progress& p) { last = p; }).outcome, HttpResult::complete);
  EXPECT_EQ(read_text(file_), std::string(500'000, 'x'));
  EXPECT_EQ(last.done, 500'000U);
  EXPECT_EQ(last.total, 500'000U);
}

TEST_F(Http, AnEmptyBodyIsAnEmptyFile) {
  server_.serve("/a", {.body = ""});
  EXPECT_EQ(download(request("/a"), {}).outcome, HttpResult::complete);
  EXPECT_EQ(disk().info(file_)->size, 0U);
}

TEST_F(Http, ResumesWhereTheFileEnds) {
  server_.serve("/a", {.body = "0123456789"});
  folder_.write("file", "01234");
  HttpDownload resuming = request("/a");
  resuming.resume = true;
  Progress last;
  EXPECT_EQ(download(resuming, [&](const Progress& p) { last = p; }).outcome, HttpResult::complete);
  EXPECT_EQ(read_text(file_), "0123456789");
  EXPECT_THAT(server_.requests(), ElementsAre("GET /a bytes=5-"));
  EXPECT_EQ(last.done, 10U);
  EXPECT_EQ(last.total, 10U);
}

TEST_F(Http, AServerWithoutRangesRestarts) {
  server_.serve("/a", {.body = "0123456789", .ranges = false});
  folder_.write("file", "xxxxxxx");
  HttpDownload resuming = request("/a");
  resuming.resume = true;
  EXPECT_EQ(download(resuming, {}).outcome, HttpResult::complete);
  EXPECT_EQ(read_text(file_), "0123456789");
}

TEST_F(Http, ADifferentRangeIsNotAppended) {
  server_.serve("/a", {.body = "0123456789", .shift = 2});
  server_.serve("/short", {.body = "01"});
  folder_.write("file", "01234");
  for (const char* path : {"/a", "/short"}) {  // the second answers 416
    HttpDownload resuming = request(path);
    resuming.resume = true;
    EXPECT_EQ(download(resuming, {}).outcome, HttpResult::no_range) << path;
    EXPECT_EQ(read_text(file_), "01234");
  }
}

TEST_F(Http, AShortBodyIsBroken) {
  server_.serve("/cut", {.body = "0123456789", .cut_at = 4});
  server_.serve("/lie", {.body = "0123456789", .claim = 20});
  for (const char* path : {"/cut", "/lie"}) {
    const HttpResult result = download(request(path), {});
    EXPECT_EQ(result.outcome, HttpResult::broken) << path;
    EXPECT_NE(result.problem, "");
  }
}

TEST_F(Http, AStalledTransferIsAborted) {
  server_.serve("/a", {.body = "0123456789", .cut_at = 4, .stall = true});
  HttpDownload impatient = request("/a");
  impatient.stall_seconds = 1;
  const HttpResult result = download(impatient, {});
  EXPECT_EQ(result.outcome, HttpResult::broken);
  EXPECT_THAT(result.problem, HasSubstr("too slow"));
  EXPECT_EQ(read_text(file_), "0123");
}

// A slow connection is not a broken one.
TEST_F(Http, ASlowTransferCompletes) {
  server_.serve("/a", {.body = "0123456789abcdefghij", .trickle_ms = 100});
  HttpDownload impatient = request("/a");
  impatient.stall_seconds = 1;
  EXPECT_EQ(download(impatient, {}).outcome, HttpResult::complete);
  EXPECT_EQ(read_text(file_), "0123456789abcdefghij");
}

TEST_F(Http, RedirectsToOtherSchemesAreRefused) {
  const auto secret = folder_.write("secret", "secret");
  server_.serve("/a", {.body = "ignored", .status = 302, .location = server_.url("/b")});
  server_.serve("/b", {.body = "here"});
  server_.serve("/file", {.body = "ignored", .status = 302, .location = "file://" + secret.string()});
  server_.serve("/loop", {.status = 302, .location = server_.url("/loop")});
  EXPECT_EQ(download(request("/a"), {}).outcome, HttpResult::complete);
  EXPECT_EQ(read_text(file_), "here");
  disk().remove(file_);
  const HttpResult refused = download(request("/file"), {});
  EXPECT_EQ(refused.outcome, HttpResult::failed);
  EXPECT_THAT(refused.problem, HasSubstr("file"));
  EXPECT_EQ(download(request("/loop"), {}).outcome, HttpResult::failed);
  EXPECT_FALSE(disk().info(file_));
}

TEST_F(Http, ErrorsAndWebPagesAreRefused) {
  server_.serve("/page", {.body = "<html>", .content_type = "Text/HTML; charset=utf-8"});
  HttpDownload page = request("/page");
  page.refuse_html = true;
  const HttpResult refused = download(page, {});
  EXPECT_EQ(refused.outcome, HttpResult::failed);
  EXPECT_EQ(refused.problem, "the answer is a web page, not a file");
  const HttpResult missing = download(request("/missing"), {});
  EXPECT_EQ(missing.outcome, HttpResult::failed);
  EXPECT_THAT(missing.problem, HasSubstr("404"));
  EXPECT_FALSE(disk().info(file_));
}

TEST_F(Http, DiskAndCallbackErrorsAreThrown) {
  server_.serve("/a", {.body = std::string(100'000, 'x')});
  const auto stop = [](const Progress&) { throw Error("the caller", "has had enough"); };
  EXPECT_EQ(test::error_of([&] { download(request("/a"), stop); }), "the caller: has had enough");
  test::FailingDisk failing;
  failing.bytes_left = 100;
  const ScopedDisk scope(failing);
  EXPECT_THAT(test::error_of([&] { download(request("/a"), {}); }), HasSubstr("No space left"));
}

}  // namespace
}  // namespace graft
