#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/files.h"
#include "graft/weights/state_dict.h"
#include "graft/weights/zip.h"
#include "tests/support/error_of.h"
#include "tests/support/failing_disk.h"
#include "tests/support/temporary_folder.h"
#include "tests/weights/some_tensors.h"

namespace graft {
namespace {

TEST(WritePth, TheReaderReadsItBack) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "out.pth";
  const test::SomeTensors some;
  write_pth(path, some.tensors());
  const StateDict state = read_pth(path);
  test::expect_equal(state.tensors, some.tensors());
  for (const auto& [name, tensor] : state.tensors) {
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % 64, 0U)
        << name;  // in place in the mapped file
  }
  EXPECT_EQ(state.owners.size(), 1U);  // no copies
}

// torch.load reads every record from the folder of the first one.
TEST(WritePth, EveryRecordIsInOneFolder) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "out.pth";
  write_pth(path, test::SomeTensors().tensors());
  const auto bytes = disk().read(path, 1 << 20);
  const ZipArchive zip(bytes, path.string());
  for (const ZipEntry& entry : zip.entries()) EXPECT_THAT(entry.name, testing::StartsWith("graft/"));
  const auto text = [&](const char* name) {
    const ZipEntry* entry = zip.find(name);
    if (entry == nullptr) return std::string("no such record");
    const auto record = zip.stored(*entry);
    return std::string(record.begin(), record.end());
  };
  EXPECT_EQ(text("graft/version"), "3\n");
  EXPECT_EQ(text("graft/byteorder"), "little");
  EXPECT_THAT(text("graft/data.pkl"), testing::StartsWith("\x80\x02"));
  EXPECT_EQ(zip.entries().size(), 3 + test::SomeTensors().tensors().size());
}

// torchvision's MNASNet refuses a state dict without the version of its class.
TEST(WritePth, StatesTheVersionOfTheNetworksClass) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "out.pth";
  write_pth(path, test::SomeTensors().tensors(), 2);
  const auto bytes = disk().read(path, 1 << 20);
  const ZipArchive zip(bytes, path.string());
  const auto pickle = zip.stored(*zip.find("graft/data.pkl"));
  const std::string end("u}X\x09\0\0\0_metadata}X\0\0\0\0}X\x07\0\0\0version\x8a\x08\x02\0\0\0\0\0\0\0sssb.",
                        50);
  EXPECT_EQ(std::string(pickle.end() - 50, pickle.end()), end);
  test::expect_equal(read_pth(path).tensors, test::SomeTensors().tensors());
}

TEST(WritePth, WritesTheSameBytesAgain) {
  const test::TemporaryFolder folder;
  const test::SomeTensors some;
  write_pth(folder.path() / "a.pth", some.tensors());
  write_pth(folder.path() / "b.pth", some.tensors());
  EXPECT_EQ(disk().read(folder.path() / "a.pth", 1 << 20), disk().read(folder.path() / "b.pth", 1 << 20));
}

TEST(WritePth, AFullDiskLeavesTheOldFile) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("out.pth", "the old file");
  test::FailingDisk failing;
  failing.bytes_left = 700;
  {
    const ScopedDisk scope(failing);
    EXPECT_THAT(test::error_of([&] { write_pth(path, test::SomeTensors().tensors()); }),
                testing::HasSubstr("No space left"));
  }
  EXPECT_EQ(read_text(path), "the old file");
  EXPECT_EQ(disk().list(folder.path()).size(), 1U);  // no temporary file is left
}

TEST(WritePth, RefusesTensorsThatContradictThemselves) {
  const test::TemporaryFolder folder;
  const std::vector<NamedTensor> twice = {{"a", {DType::uint8, {0}, {}}}, {"a", {DType::uint8, {0}, {}}}};
  EXPECT_THAT(test::error_of([&] { write_pth(folder.path() / "out.pth", twice); }),
              testing::HasSubstr("two tensors named \"a\""));
}

}  // namespace
}  // namespace graft
