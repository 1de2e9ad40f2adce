// Zip archives: the directory, every entry unpacked, and a dataset's archive unpacked to a disk that accepts
// no file outside its folder.
#include "graft/weights/zip.h"

#include "fuzz/target.h"
#include "graft/net/archive.h"
#include "tests/support/one_file_disk.h"

namespace {

namespace fs = std::filesystem;

// Discards what is written and checks the paths.
class Unpacking : public graft::test::OneFileDisk {
 public:
  std::unique_ptr<graft::OutputFile> create(const fs::path& path) override {
    check(path);
    return std::make_unique<Dropped>();
  }
  void make_directories(const fs::path& path) override { check(path); }

 private:
  class Dropped : public graft::OutputFile {
   public:
    void write(std::string_view) override {}
    void sync() override {}
    void close() override {}
  };

  static void check(const fs::path& path) {
    const fs::path inside = path.lexically_normal();
    if (inside.begin() == inside.end() || *inside.begin() != "folder" || path.is_absolute())
      graft::fuzz::finding("a file outside the folder:", path.c_str());
  }
};

}  // namespace

void graft::fuzz::run(std::span<const std::uint8_t> input) {
  Unpacking disk;
  disk.contents.assign(input.begin(), input.end());
  const graft::ScopedDisk scope(disk);
  graft::fuzz::survives([&] {
    const graft::ZipArchive archive(disk.contents, "x.zip");
    for (const graft::ZipEntry& entry : archive.entries()) {
      if (archive.find(entry.name) != &entry) graft::fuzz::finding("an entry that is not found by its name");
      if (entry.size > disk.contents.size() * 1100) graft::fuzz::finding("an entry that is impossibly large");
      graft::fuzz::survives([&] { graft::fuzz::look_at(archive.stored(entry)); });
      graft::fuzz::survives([&] { archive.unpack(entry, [](std::string_view) {}); });
    }
  });
  graft::fuzz::survives(
      [] { graft::unpack_zip("x.zip", "folder", {.max_bytes = 1 << 20, .max_entries = 20}); });
}
