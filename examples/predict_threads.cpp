// One model used by eight threads, with images in memory.
//
//   predict_threads MODEL PICTURE...     MODEL is a run folder or a model file
#include <atomic>
#include <cstdio>
#include <exception>
#include <future>
#include <vector>

#include "graft/image/codec.h"
#include "graft/infer/predictor.h"

namespace {

constexpr int num_threads = 8;

// The best class of each picture.
std::vector<graft::ClassScore> classify_all(const graft::Predictor& predictor,
                                            const std::vector<graft::Image>& pictures) {
  std::vector<graft::ClassScore> best(pictures.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < pictures.size(); i = next++)
      best[i] = predictor.classify(pictures[i].view()).front();
  };
  std::vector<std::future<void>> threads;
  for (int i = 0; i < num_threads; ++i) threads.push_back(std::async(std::launch::async, work));
  for (std::future<void>& thread : threads) thread.get();  // rethrows a thread's exception
  return best;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: predict_threads MODEL PICTURE...\n");
    return 2;
  }
  try {
    // Each call computes with one thread.
    const graft::Predictor predictor(argv[1], "auto", 1);
    // Any rows of 8-bit pixels are accepted, such as a camera's or OpenCV's: graft::ImageView{data, height,
    // width, bytes per row} and graft::PixelOrder.
    std::vector<graft::Image> pictures;
    for (int i = 2; i < argc; ++i) pictures.push_back(graft::read_image(argv[i]));
    const auto best = classify_all(predictor, pictures);
    for (std::size_t i = 0; i < best.size(); ++i) {
      std::printf("%s: %s (%.1f%%)\n", argv[i + 2],
                  predictor.classes()[static_cast<std::size_t>(best[i].index)].c_str(),
                  100 * best[i].probability);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "predict_threads: %s\n", error.what());
    return 1;
  }
  return 0;
}
