#include "graft/weights/state_dict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/files.h"
#include "tests/support/error_of.h"
#include "tests/support/failing_disk.h"
#include "tests/support/temporary_folder.h"
#include "tests/weights/refusal.h"
#include "tests/weights/some_tensors.h"
#include "tests/weights/zip_bytes.h"

namespace graft {
namespace {

using test::error_of;
using test::Refusal;
using testing::HasSubstr;

std::string file_of(const std::string& header, std::size_t data_bytes) {
  std::string out;
  test::put(out, header.size(), 8);
  return out + header + std::string(data_bytes, 'd');
}

std::string described(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"({"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}";
}

TEST(Safetensors, ReadsTensorsInTheOrderOfTheirDataAndMetadata) {
  const test::TemporaryFolder folder;
  const std::string header = R"({"b":)" + described("U8", "[2]", "[4,6]") +
                             R"(,"__metadata__":{"k":"ä"},"a":)" + described("F32", "[]", "[0,4]") +
                             R"(,"none":)" + described("F32", "[0,3]", "[6,6]") + "}  ";
  const StateDict state = read_safetensors(folder.write("m.safetensors", file_of(header, 6)));
  ASSERT_EQ(state.tensors.size(), 3U);
  EXPECT_EQ(state.tensors[0].name, "a");
  EXPECT_EQ(state.tensors[1].name, "b");
  EXPECT_EQ(state.tensors[1].tensor.shape, (std::vector<std::int64_t>{2}));
  EXPECT_EQ(state.tensors[2].name, "none");
  EXPECT_EQ(state.metadata.at("k"), "ä");
  // The header's length is not a multiple of 4, so the float was copied to an aligned address.
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(state.find("a")->bytes.data()) % 4, 0U);
}

std::string one(const std::string& description, std::size_t data = 4) {
  return file_of(R"({"a":)" + description + "}", data);
}
std::string two(const std::string& first, const std::string& second, std::size_t data) {
  return file_of(R"({"a":)" + first + R"(,"b":)" + second + "}", data);
}

std::string repeated(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

std::vector<Refusal> safetensors_refusals() {
  const std::string a = described("F32", "[1]", "[0,4]");
  std::string endless;
  test::put(endless, UINT64_MAX, 8);
  std::string large;
  test::put(large, 100'000'001, 8);
  std::string longer;
  test::put(longer, 1000, 8);
  return {
      {"Empty", "", "cut short"},
      {"SevenBytes", "1234567", "cut short"},
      {"HeaderOf2To64", endless + "{}", "its header would have"},
      {"HeaderAbove100MB", large + "{}", "its header would have"},
      {"HeaderPastEnd", longer + "{}", "cut short"},
      {"NotJson", file_of("{\"a\":", 0), "not JSON"},
      {"NotAnObject", file_of("[]", 0), "does not begin with {"},
      {"SpaceFirst", file_of(" {}", 0), "does not begin with {"},
      {"TwoObjects", file_of("{}{}", 0), "not JSON"},
      {"NotUtf8", file_of("{\"\xFF\":" + a + "}", 4), "not JSON"},
      {"Surrogate", file_of(R"({"\ud800":)" + a + "}", 4), "not JSON"},
      {"DeepLists", file_of("{\"a\":" + std::string(100'000, '['), 0), "nested too deep"},
      {"DeepObjects",
       [] {
         std::string header;
         for (int i = 0; i < 100'000; ++i) header += "{\"a\":";
         return file_of(header, 0);
       }(),
       "nested too deep"},
      {"ManySizes", one(described("F32", "[1" + repeated(",1", 2'000'000) + "]", "[0,4]")),
       "more than 2000000 values"},
      {"ManyDimensions", one(described("F32", "[1" + repeated(",1", 64) + "]", "[0,4]")),
       "more than 64 sizes"},
      {"NameTwice", two(a, a, 4).replace(8 + 2, 1, "b"), "\"b\" twice"},
      {"FieldTwice", one(R"({"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]})"),
       "\"dtype\" twice"},
      {"MetadataTwice", file_of(R"({"__metadata__":{"k":"1","k":"2"}})", 0), "\"k\" twice"},
      {"MetadataOfNumbers", file_of(R"({"__metadata__":{"k":1}})", 0), "not a string"},
      {"MetadataIsAList", file_of(R"({"__metadata__":[]})", 0), "not an object"},
      {"TensorIsANumber", one("5"), "not described by"},
      {"NoShape", one(R"({"dtype":"F32","data_offsets":[0,4]})"), "not described by"},
      {"MoreFields", one(R"({"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1})"), "not described by"},
      {"OneOffset", one(described("F32", "[1]", "[0]")), "not described by"},
      {"UnknownType", one(described("F33", "[1]", "[0,4]")), "has the type \"F33\""},
      {"NegativeSize", one(described("F32", "[-1]", "[0,4]")), "not a whole number"},
      {"HalfSize", one(described("F32", "[1.0]", "[0,4]")), "not a whole number"},
      {"SizeIsAText", one(described("F32", "[\"1\"]", "[0,4]")), "not a whole number"},
      {"SizeOf2To63", one(described("U8", "[9223372036854775808]", "[0,4]")), "not a whole number"},
      {"OffsetOf2To63", one(described("F32", "[1]", "[9223372036854775808,9223372036854775812]")),
       "not a whole number"},
      {"OffsetOf2To64", one(described("F32", "[1]", "[18446744073709551616,18446744073709551620]")),
       "not a whole number"},
      {"SizesBeyond2To63", one(described("F32", "[4294967296,4294967296,4]", "[0,0]")),
       "does not match its shape"},
      {"SizesThatWrapTo4", one(described("U8", "[4294967297,4294967296,4294967296]", "[0,4]")),
       "does not match its shape"},
      {"ShapeOfMoreBytes", one(described("F32", "[2]", "[0,4]")), "does not match its shape"},
      {"OffsetsReversed", one(described("F32", "[1]", "[4,0]")), "does not match its shape"},
      {"PastTheEnd", one(described("F32", "[2]", "[0,8]")), "past the end of the file"},
      {"TwoGigabytes", one(described("U8", "[2000000000]", "[0,2000000000]")), "past the end of the file"},
      {"Overlap", two(a, described("F32", "[1]", "[2,6]"), 6), "\"b\" overlaps another"},
      {"SameBytes", two(a, a, 4), "overlaps another"},
      {"GapAtTheStart", one(described("F32", "[1]", "[4,8]"), 8), "after a gap"},
      {"GapBetween", two(a, described("F32", "[1]", "[8,12]"), 12), "\"b\" begins after a gap"},
      {"BytesAtTheEnd", one(a, 5), "belong to no tensor"},
  };
}

class SafetensorsRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(SafetensorsRefusal, NamesTheReason) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("m.safetensors", GetParam().bytes);
  const std::string message = error_of([&] { read_safetensors(path); });
  EXPECT_THAT(message, HasSubstr(GetParam().problem));
  EXPECT_THAT(message, HasSubstr("m.safetensors"));
}

INSTANTIATE_TEST_SUITE_P(Weights, SafetensorsRefusal, testing::ValuesIn(safetensors_refusals()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Safetensors, SkipsUnsupportedTypes) {
  const test::TemporaryFolder folder;
  const std::string header =
      R"({"a":)" + described("F32", "[1]", "[0,4]") + R"(,"b":)" + described("F8_E4M3", "[2]", "[4,6]") +
      R"(,"c":)" + described("F4", "[4]", "[6,8]") + R"(,"d":)" + described("C64", "[1]", "[8,16]") + "}";
  const StateDict state = read_safetensors(folder.write("m.safetensors", file_of(header, 16)));
  ASSERT_EQ(state.tensors.size(), 1U);
  EXPECT_EQ(state.tensors[0].name, "a");
  EXPECT_EQ(state.unread, (std::map<std::string, std::string>{{"b", "a tensor of the type F8_E4M3"},
                                                              {"c", "a tensor of the type F4"},
                                                              {"d", "a tensor of the type C64"}}));
}

TEST(WriteSafetensors, WidestFirstAtMultiplesOfTheirSizeAndReadBack) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "out.safetensors";
  const test::SomeTensors some;
  const std::map<std::string, std::string> metadata = {{"classes", "[\"ants\", \"bees\"]"}, {"ö", "\n\"\\"}};
  write_safetensors(path, some.tensors(), metadata);
  const StateDict state = read_safetensors(path);
  auto expected = some.tensors();
  std::stable_sort(expected.begin(), expected.end(), [](const NamedTensor& a, const NamedTensor& b) {
    return bytes_of(a.tensor.dtype) > bytes_of(b.tensor.dtype);
  });
  // An empty tensor may be at any offset, so the order among tensors of its width is unspecified.
  const auto is_empty = [](const NamedTensor& t) { return t.tensor.bytes.empty(); };
  auto actual = state.tensors;
  EXPECT_EQ(std::erase_if(actual, is_empty), 1U);
  std::erase_if(expected, is_empty);
  test::expect_equal(actual, expected);
  EXPECT_EQ(state.metadata, metadata);
  EXPECT_EQ(state.owners.size(), 1U);  // every tensor is used in place: no copies
}

TEST(WriteSafetensors, AFullDiskLeavesTheOldFile) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("model.safetensors", "the old file");
  const test::SomeTensors some;
  for (const int failure : {0, 1, 2}) {
    test::FailingDisk failing;
    if (failure == 0) failing.bytes_left = 900;  // in the middle of the file
    failing.fail_sync = failure == 1;
    failing.fail_rename = failure == 2;
    const ScopedDisk scope(failing);
    EXPECT_NE(error_of([&] { write_safetensors(path, some.tensors(), {}); }), "");
    EXPECT_EQ(read_text(path), "the old file");
    EXPECT_EQ(disk().list(folder.path()).size(), 1U);  // no temporary file is left
  }
}

TEST(WriteSafetensors, RefusesWhatTheFormatCannotRepresent) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "out.safetensors";
  const std::vector<NamedTensor> reserved = {{"__metadata__", {DType::uint8, {0}, {}}}};
  EXPECT_THAT(error_of([&] { write_safetensors(path, reserved, {}); }), HasSubstr("__metadata__"));
  EXPECT_THAT(error_of([&] { write_safetensors(path, {}, {{"k", "\xFF"}}); }), HasSubstr("not UTF-8"));
  EXPECT_FALSE(disk().info(path));
}

}  // namespace
}  // namespace graft
