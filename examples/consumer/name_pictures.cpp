// name_pictures MODEL PICTURE...: what a trained model says of each picture.
#include <graft/evaluate/predict.h>

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
    const graft::Model model = graft::load_model(argv[1]);
    const std::vector<std::string> pictures(argv + 2, argv + argc);
    graft::predict(model, pictures, {}, torch::kCPU, [&](const graft::Prediction& prediction) {
      std::printf("%s %s\n", prediction.path.c_str(),
                  model.classes[static_cast<std::size_t>(prediction.top.front().index)].c_str());
    });
  } catch (const std::exception& error) {
    std::fprintf(stderr, "name_pictures: %s\n", error.what());
    return 1;
  }
  return 0;
}
