#include "graft/http/infer_protocol.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/support/error_of.h"

namespace graft {
namespace {

using ::testing::HasSubstr;

constexpr std::size_t most = 4;

std::string input_text(const std::string& shape, const std::string& type, const std::string& data) {
  return R"({"id": "7", "inputs": [{"name": "images", "shape": )" + shape + R"(, "datatype": ")" + type +
         R"(", "data": )" + data + "}]}";
}

std::string problem_of_input(const std::string& body) {
  return test::error_of([&] { infer_request(body, most, 100); });
}

TEST(InferProtocol, PixelsAreRowsOfRgb) {
  for (const char* data : {"[0,1,2, 3,4,5, 6,7,8, 9,10,11, 250,251,252, 253,254,255]",
                           "[[[[0,1,2],[3,4,5],[6,7,8]]],[[[9,10,11],[250,251,252],[253,254,255]]]]"}) {
    const InferRequest request = infer_request(input_text("[2,1,3,3]", "UINT8", data), most, 100);
    EXPECT_EQ(request.id, "7");
    ASSERT_EQ(request.size(), 2U);
    EXPECT_EQ(request.pixels[0].height(), 1);
    EXPECT_EQ(request.pixels[0].width(), 3);
    EXPECT_EQ(request.pixels[0].row(0)[8], 8);
    EXPECT_EQ(request.pixels[1].row(0)[0], 9);
    EXPECT_EQ(request.pixels[1].row(0)[8], 255);
  }
}

TEST(InferProtocol, FilesAreBase64) {
  const InferRequest request = infer_request(input_text("[2]", "BYTES", R"(["YQ==", "YWI="])"), most, 100);
  ASSERT_EQ(request.files.size(), 2U);
  EXPECT_EQ(request.files[1].name, "image 2");
  EXPECT_EQ(request.files[1].bytes, (std::vector<std::uint8_t>{'a', 'b'}));
}

TEST(InferProtocol, OtherInputsAreRefused) {
  for (
      const auto& [body, problem] : std::vector<std::pair<std::string, std::string>>{
          {"", "is not JSON"},
          {"[]", "\"inputs\": is not a list of one tensor"},
          {"{}", "\"inputs\": is not a list of one tensor"},
          {R"({"inputs": [1]})", "is not a list of one tensor"},
          {R"({"inputs": [{}]})", "has no \"shape\""},
          {std::string(100'000, '{'), "nested too deep"},
          {input_text("3", "UINT8", "[]"), "\"shape\": is not a list"},
          {input_text("[1,1,1,1]", "UINT8", "[0]"), "is not [N, height, width, 3]"},
          {input_text("[1,-1,1,3]", "UINT8", "[0]"), "has a size that is not an integer"},
          {input_text("[1,1e30,1,3]", "UINT8", "[0]"), "has a size that is not an integer"},
          {input_text("[0,1,1,3]", "UINT8", "[]"), "has no pixels"},
          {input_text("[5,1,1,3]", "UINT8", "[]"), "has more than 4 pictures"},
          {input_text("[1,11,10,3]", "UINT8", "[]"), "of more than 100 pixels"},
          {input_text("[1,1073741824,1073741824,3]", "UINT8", "[]"), "of more than 100 pixels"},
          {input_text("[1,1,1,3]", "UINT8", "[0,1]"), "has 2 values"},
          {input_text("[1,1,1,3]", "UINT8", "[0,1,256]"), "is not an integer from 0 to 255"},
          {input_text("[1,1,1,3]", "UINT8", "[0,1,0.5]"), "is not an integer from 0 to 255"},
          {input_text("[1,1,1,3]", "FP32", "[0,1,2]"), "is neither UINT8 nor BYTES"},
          {input_text("[1]", "BYTES", "\"YQ==\""), "is not a list of base64"},
          {input_text("[1]", "BYTES", "[1]"), "is not a list of base64"},
          {input_text("[1]", "BYTES", "[]"), "has no picture"},
          {input_text("[2]", "BYTES", "[\"YQ==\"]"), "of BYTES is not [1]"},
          {R"({"id": 7, "inputs": [{"name": "images", "shape": [1], "datatype": "BYTES", "data": ["YQ=="]}]})",
           "\"id\": is not text"},
          {R"({"inputs": [{"name": "x", "shape": [1], "datatype": "BYTES", "data": ["YQ=="]}]})",
           "of another name"},
          {input_text("[1]", "BYTES", "[\"a\"]"), "is not base64"}})
    EXPECT_THAT(problem_of_input(body), HasSubstr(problem)) << body.substr(0, 200);
}

TEST(InferProtocol, AnAnswerHasTheRows) {
  const auto json =
      nlohmann::json::parse(infer_response("m", "7", "probabilities", {{0.25F, 0.75F}, {1, 0}}));
  EXPECT_EQ(json,
            nlohmann::json::parse(R"({"model_name": "m", "model_version": "1", "id": "7", "outputs": [{"name":
      "probabilities", "shape": [2, 2], "datatype": "FP32", "data": [0.25, 0.75, 1, 0]}]})"));
  EXPECT_FALSE(nlohmann::json::parse(infer_response("m", "", "numbers", {{1}})).contains("id"));
}

}  // namespace
}  // namespace graft
