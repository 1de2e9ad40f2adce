#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/weights/state_dict.h"
#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/weights/some_tensors.h"
#include "tests/weights/zip_bytes.h"

namespace graft {
namespace {

using test::error_of;
using testing::HasSubstr;

TEST(ReadWeights, DistinguishesFormatsByContent) {
  const test::TemporaryFolder folder;
  const test::SomeTensors some;
  write_pth(folder.path() / "a.safetensors", some.tensors());
  write_safetensors(folder.path() / "b.pth", some.tensors(), {});
  EXPECT_EQ(read_weights(folder.path() / "a.safetensors").tensors.size(), some.tensors().size());
  EXPECT_EQ(read_weights(folder.path() / "b.pth").tensors.size(), some.tensors().size());
}

TEST(ReadWeights, AHeaderLengthLikeAPickleSignatureIsRead) {
  // 0x280 = 640 bytes of header: the file begins with 80 02, like a pickle of protocol 2.
  std::string header = R"({"__metadata__":{"k":"v"}})";
  header.append(640 - header.size(), ' ');
  std::string bytes;
  test::put(bytes, header.size(), 8);
  const test::TemporaryFolder folder;
  EXPECT_EQ(read_weights(folder.write("m", bytes + header)).metadata.at("k"), "v");
}

TEST(ReadWeights, OtherFilesAreNamed) {
  const test::TemporaryFolder folder;
  const auto refusal = [&](const std::string& bytes) {
    return error_of([&] { read_weights(folder.write("m.pth", bytes)); });
  };
  EXPECT_THAT(refusal(""), HasSubstr("m.pth: is empty"));
  EXPECT_THAT(refusal("just text"), HasSubstr("(starts with \"just text\")"));
  EXPECT_THAT(refusal(std::string(600, '\0')), HasSubstr("begins with zeros only"));
  EXPECT_THAT(refusal("\n <!DOCTYPE html><html>"),
              HasSubstr("is a web page, not weights (starts with \"<!DOCTYPE html>"));
  EXPECT_THAT(refusal("{\"error\":\"Repository not found\"}"), HasSubstr("is JSON, not weights"));
  EXPECT_THAT(refusal("{\"metadata\": {}, \"weight_map\": {}}"),
              HasSubstr("the index of weights in several files"));
  EXPECT_THAT(error_of([&] { read_weights(folder.write("model-00002-of-00003.safetensors", "x")); }),
              HasSubstr("is one of 3 files with a network's weights"));
  EXPECT_THAT(error_of([&] { read_weights(folder.write("model-00001-of-00001.safetensors", "")); }),
              HasSubstr("is empty"));
  EXPECT_THAT(refusal("\x1f\x8b\x08"), HasSubstr("is compressed by gzip"));
  EXPECT_THAT(refusal("\x89HDF\r\n"), HasSubstr("is an HDF5 file"));
  EXPECT_THAT(refusal("\xff\xd8\xff\xe0"), HasSubstr("m.pth: is a JPEG picture, not weights; give a .pth"));
  EXPECT_THAT(refusal("\x89PNG\r\n"), HasSubstr("is a PNG picture, not weights"));
  EXPECT_THAT(refusal("GIF89a"), HasSubstr("is a GIF picture, not weights"));
  EXPECT_THAT(refusal(std::string("MM\0*", 4)), HasSubstr("is a TIFF picture, not weights"));
  EXPECT_THAT(refusal("P6\n2 2\n255\n"), HasSubstr("is a PPM picture, not weights"));
  EXPECT_THAT(refusal("version https://git-lfs.github.com/spec/v1\noid sha256:0"), HasSubstr("git lfs pull"));
  EXPECT_THAT(error_of([&] { read_weights(folder.path()); }), HasSubstr("is a folder, not a file"));
  EXPECT_THAT(error_of([&] { read_weights(folder.path() / "none"); }), HasSubstr("No such file"));
  folder.write("unpacked/archive/data.pkl", "x");
  EXPECT_THAT(error_of([&] { read_weights(folder.path() / "unpacked"); }),
              HasSubstr("a .pth that was unpacked"));
  folder.write("run/model.safetensors", "x");
  EXPECT_THAT(error_of([&] { read_weights(folder.path() / "run"); }), HasSubstr("run/model.safetensors"));
}

}  // namespace
}  // namespace graft
