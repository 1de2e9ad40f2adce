// User CPU time of decoding JPEGs to a half, a quarter or an eighth: decode_reduced against libjpeg-turbo's
// scaled decoding, as graft calls it for the files that decode_reduced leaves to it. Both decode every
// picture of a folder from memory, whole, on one thread; they alternate, and change places from round to
// round.
//
//   g++ -O3 -DNDEBUG -std=c++20 -I. bench/jpeg_decoding.cpp build/lib/image/libgraft_image.a build/lib/core/libgraft_core.a 
//       -ljpeg -lpng -lwebp -lwebpdemux -ltiff -lz -lcrypto -o jpeg_decoding
//   ./jpeg_decoding FOLDER [ROUNDS]
//
// One line a scale: pictures, milliseconds a picture of each (medians of the rounds), the median ratio of a
// round and the range of the ratios. Pictures that decode_reduced does not decode are left out and counted.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <vector>

#include "graft/core/files.h"
#include "graft/image/decode.h"
#include "graft/image/jpeg_decoder.h"
#include "graft/image/reduced_jpeg.h"

namespace {

using namespace graft;
using Bytes = std::vector<std::uint8_t>;
using Decode = bool (*)(const Bytes&, int shrink);

double user_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec) + 1e-6 * static_cast<double>(usage.ru_utime.tv_usec);
}

Window whole(const Size& size, int shrink) {
  return {0, 0, (size.height + shrink - 1) / shrink, (size.width + shrink - 1) / shrink};
}

bool by_graft(const Bytes& bytes, int shrink) {
  JpegDecoder decoder(bytes);
  if (decoder.read_header() != JpegOutcome::done) return false;
  const auto scan = decoder.only_scan();
  return scan && decode_reduced(*scan, whole(decoder.size(), shrink), shrink);
}

bool by_libjpeg(const Bytes& bytes, int shrink) {
  JpegDecoder decoder(bytes);
  if (decoder.read_header() != JpegOutcome::done) return false;
  const Window part = whole(decoder.size(), shrink);
  if (decoder.begin(part, shrink) != JpegOutcome::done) return false;
  Image pixels(part.height, decoder.columns());
  std::vector<std::uint8_t> spare_row(static_cast<std::size_t>(decoder.columns()) * 4);
  return decoder.read_rows(pixels.data(), spare_row.data()) == JpegOutcome::done;
}

double seconds_of(Decode decode, const std::vector<Bytes>& pictures, int shrink) {
  const double start = user_seconds();
  for (const Bytes& bytes : pictures) decode(bytes, shrink);
  return user_seconds() - start;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void compare(const std::vector<Bytes>& pictures, int shrink, int rounds) {
  std::vector<double> ours, theirs, ratios;
  for (int round = -1; round < rounds; ++round) {
    double libjpeg = 0, reduced = 0;
    if (round % 2 == 0) libjpeg = seconds_of(by_libjpeg, pictures, shrink);
    reduced = seconds_of(by_graft, pictures, shrink);
    if (round % 2 != 0) libjpeg = seconds_of(by_libjpeg, pictures, shrink);
    if (round < 0) continue;  // the first round is not counted
    ours.push_back(reduced);
    theirs.push_back(libjpeg);
    ratios.push_back(libjpeg / reduced);
  }
  const double count = static_cast<double>(pictures.size()) / 1000;
  std::printf("1/%d  %zu pictures  graft %.3f ms  libjpeg-turbo %.3f ms  ratio %.2f (%.2f to %.2f)\n", shrink,
              pictures.size(), median(ours) / count, median(theirs) / count, median(ratios),
              *std::min_element(ratios.begin(), ratios.end()),
              *std::max_element(ratios.begin(), ratios.end()));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: jpeg_decoding FOLDER [ROUNDS]\n");
    return 2;
  }
  const int rounds = argc > 2 ? std::max(1, std::atoi(argv[2])) : 9;
  std::vector<Bytes> pictures;
  int left_out = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[1])) {
    if (!entry.is_regular_file()) continue;
    Bytes bytes = disk().read(entry.path(), most_file_bytes);
    if (by_graft(bytes, 8)) {
      pictures.push_back(std::move(bytes));
    } else {
      ++left_out;
    }
  }
  if (pictures.empty()) {
    std::fprintf(stderr, "%s: no picture that decode_reduced decodes\n", argv[1]);
    return 1;
  }
  std::printf("%d files left out\n", left_out);
  for (const int shrink : {2, 4, 8}) compare(pictures, shrink, rounds);
}
