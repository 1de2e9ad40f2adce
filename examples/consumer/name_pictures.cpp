// name_pictures MODEL PICTURE...: prints the predicted class, or number, of each picture.
#include <graft/infer/predictor.h>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: name_pictures MODEL PICTURE...\n");
    return 2;
  }
  try {
    const graft::Predictor predictor(argv[1]);
    const std::vector<std::string> pictures(argv + 2, argv + argc);
    predictor.predict(pictures, {.top_k = 1}, [&](const graft::Prediction& prediction) {
      if (prediction.number) {
        std::printf("%s %g\n", prediction.path.c_str(), *prediction.number);
        return;
      }
      const auto best = static_cast<std::size_t>(prediction.top.front().index);
      std::printf("%s %s\n", prediction.path.c_str(), predictor.classes()[best].c_str());
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "name_pictures: %s\n", error.what());
    return 1;
  }
  return 0;
}
