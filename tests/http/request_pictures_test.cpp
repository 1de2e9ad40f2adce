#include "graft/http/request_pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_of.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t many = 10;

HttpRequest body_of(const std::string& type, const std::string& body) {
  HttpRequest request{"POST", "/v1/predict"};
  request.content_type = type;
  request.body = body;
  return request;
}

std::string text_of_bytes(const SentPicture& picture) { return {picture.bytes.begin(), picture.bytes.end()}; }

// "name: bytes" of each picture.
std::vector<std::string> sent(const std::string& type, const std::string& body) {
  std::vector<std::string> pictures;
  for (const SentPicture& picture : pictures_of(body_of(type, body), many).pictures)
    pictures.push_back(picture.name + ": " + text_of_bytes(picture));
  return pictures;
}

std::string problem_of(const std::string& type, const std::string& body) {
  return test::error_of([&] { pictures_of(body_of(type, body), many); });
}

using Texts = std::vector<std::string>;
using Fields = std::map<std::string, std::string>;

TEST(RequestPictures, OtherBodiesAreTheBytesOfAPicture) {
  EXPECT_EQ(sent("image/jpeg", "abc"), Texts{"image 1: abc"});
  EXPECT_EQ(sent("", "{}"), Texts{"image 1: {}"});
  EXPECT_EQ(sent("application/x-www-form-urlencoded", "abc"), Texts{"image 1: abc"})
      << "as curl --data-binary";
  EXPECT_THAT(problem_of("image/png", ""),
              HasSubstr("the body: has no picture; send the bytes of an image file"));
}

TEST(RequestPictures, EachFileOfAFormIsAPicture) {
  const std::string body =
      "preamble\r\n--B\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nno file\r\n"
      "--B\r\nContent-Type: image/png\r\ncontent-disposition: form-data; name=f; filename=\"a "
      "\\\"b\\\";c.png\"\r\n\r\n"
      "\x89PNG\r\n--b\r\n\r\n\r\n--B  \r\nContent-Disposition: form-data; "
      "filename=\"\"\r\n\r\n\r\n--B--\r\nepilogue";
  const Texts expected = {"a \"b\";c.png: \x89PNG\r\n--b\r\n\r\n", "image 2: "};
  EXPECT_EQ(sent("Multipart/Form-Data; charset=x; boundary=B", body), expected);
  EXPECT_EQ(sent("multipart/form-data; boundary=\"B\"", body), expected);
}

TEST(RequestPictures, IncompleteFormsAreRefused) {
  const std::string type = "multipart/form-data; boundary=B";
  EXPECT_THAT(problem_of("multipart/form-data", "--B--"), HasSubstr("without a boundary"));
  EXPECT_THAT(problem_of("multipart/form-data; boundary=", "--B--"), HasSubstr("without a boundary"));
  EXPECT_THAT(problem_of(type, "abc"), HasSubstr("does not have the boundary"));
  EXPECT_THAT(problem_of(type, "--B--"), HasSubstr("has no picture"));
  for (const char* cut : {"--B", "--B\r\n", "--B\r\nContent-Disposition: form-data; filename=a",
                          "--B\r\nContent-Disposition: form-data; filename=a\r\n\r\nbytes",
                          "--B\r\nContent-Disposition: form-data; filename=a\r\n\r\nbytes\r\n--B"})
    EXPECT_THAT(problem_of(type, cut), HasSubstr("ends within a part")) << cut;
}

TEST(RequestPictures, JsonHasBase64) {
  EXPECT_EQ(sent("application/json; charset=utf-8",
                 R"({"images": ["YWJj", {"name": "a.jpg", "data": "YQ=="}, {"data": "YW\nI="}, ""]})"),
            (Texts{"image 1: abc", "a.jpg: a", "image 3: ab", "image 4: "}));
  const SentPictures asked = pictures_of(
      body_of("application/json", R"({"images": ["YQ=="], "model": "m", "top_k": 3, "threshold": 0.25})"),
      many);
  EXPECT_EQ(asked.fields, (Fields{{"model", "m"}, {"top_k", "3"}, {"threshold", "0.25"}}));
}

TEST(RequestPictures, OtherJsonIsRefused) {
  const std::string type = "application/json";
  EXPECT_THAT(problem_of(type, "{"), HasSubstr("is not JSON"));
  EXPECT_THAT(problem_of(type, "[]"), HasSubstr("is not a JSON object"));
  EXPECT_THAT(problem_of(type, std::string(200'000, '[')), HasSubstr("nested too deep"));
  EXPECT_THAT(problem_of(type, "{}"), HasSubstr("has no list \"images\""));
  EXPECT_THAT(problem_of(type, R"({"images": []})"), HasSubstr("has no picture"));
  EXPECT_THAT(problem_of(type, R"({"images": [1]})"), HasSubstr("is not text"));
  EXPECT_THAT(problem_of(type, R"({"images": [{}]})"), HasSubstr("has no member \"data\""));
  EXPECT_THAT(problem_of(type, R"({"images": [{"data": 1}]})"),
              HasSubstr("image 1: is not text; send base64"));
  EXPECT_THAT(problem_of(type, R"({"images": ["YQ==", "?"]})"), HasSubstr("image 2: is not base64"));
  EXPECT_THAT(problem_of(type, R"({"images": ["YQ=="], "model": 1})"), HasSubstr("model: is not text"));
  EXPECT_THAT(problem_of(type, R"({"images": ["YQ=="], "topk": 1})"),
              HasSubstr("topk: is not a field of a request"));
  EXPECT_LT(problem_of(type, R"({"images": ["YQ=="], ")" + std::string(100'000, 'x') + R"(": 1})").size(),
            300U);
  EXPECT_THAT(problem_of(type, R"({"images": ["YQ=="], "threshold": "a"})"), HasSubstr("is not a number"));
  for (const char* text : {"YQ", "YQ=", "Y===", "====", "Y Q=", "YQ==YQ==", "Y-_=", "=AAA"})
    EXPECT_THAT(problem_of(type, std::string(R"({"images": [")") + text + "\"]}"), HasSubstr("is not base64"))
        << text;
}

TEST(RequestPictures, AFormAndAnAddressHaveFields) {
  HttpRequest request = body_of("multipart/form-data; boundary=B",
                                "--B\r\nContent-Disposition: form-data; name=model\r\n\r\nm\r\n"
                                "--B\r\nContent-Disposition: form-data; name=top_k\r\n\r\n2\r\n"
                                "--B\r\nContent-Disposition: form-data; filename=a\r\n\r\nx\r\n--B--");
  request.query = {{"top_k", "1"}};
  EXPECT_EQ(pictures_of(request, many).fields, (Fields{{"model", "m"}, {"top_k", "1"}}))
      << "the address is stronger";
  request.query = {{"topk", "1"}};
  EXPECT_THAT(test::error_of([&] { pictures_of(request, many); }), HasSubstr("topk: is not a field"));
  EXPECT_THAT(problem_of("multipart/form-data; boundary=B",
                         "--B\r\nContent-Disposition: form-data; name=colour\r\n\r\nred\r\n--B--"),
              HasSubstr("colour: is not a field of a request"));
}

TEST(RequestPictures, TooManyAreRefused) {
  std::string form, json = R"({"images": [)";
  for (std::size_t i = 0; i <= many; ++i) {
    form += "--B\r\nContent-Disposition: form-data; filename=a\r\n\r\nx\r\n";
    json += i == 0 ? "\"YQ==\"" : ", \"YQ==\"";
  }
  EXPECT_THAT(problem_of("multipart/form-data; boundary=B", form + "--B--"),
              HasSubstr("has more than 10 pictures"));
  EXPECT_THAT(problem_of("application/json", json + "]}"), HasSubstr("has more than 10 pictures"));
}

}  // namespace
}  // namespace graft
