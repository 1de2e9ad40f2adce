// write_onnx_files FOLDER [PATTERN...]: for each network of the registry, with parameters from the formula,
// its ONNX file, five images and graft's logits, in FOLDER: NAME.onnx, NAME.images, NAME.logits (float32).
// Prints the name and the images' size when the files of a network are complete. tools/zoo/onnx.py reads
// them.
#include <cstdio>
#include <fstream>

#include "graft/deploy/network_graph.h"
#include "graft/deploy/recording.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/onnx/model_file.h"
#include "tests/support/formula.h"

namespace {

void write(const std::string& file, const void* bytes, std::size_t size) {
  std::ofstream(file, std::ios::binary)
      .write(static_cast<const char*>(bytes), static_cast<std::streamsize>(size));
}

// How much more the logits change than the images do. A network that amplifies changes by a thousand does the
// same to the rounding errors of every engine, and no two agree.
double amplification(graft::Network& network, const torch::Tensor& images) {
  constexpr double change = 1e-5;
  const torch::Tensor logits = network.forward(images), changed = network.forward(images * (1 + change));
  return ((changed - logits).abs().max() / logits.abs().max()).item<double>() / change;
}

// Makes the weights of a deep network smaller until it is not chaotic.
void damp(graft::Network& network, const torch::Tensor& images) {
  constexpr double most = 100, factor = 0.95;
  while (amplification(network, images) > most) {
    for (torch::Tensor& parameter : network.parameters()) {
      if (parameter.dim() >= 2) parameter.mul_(factor);
    }
  }
}

void write_files(const graft::ModelSpec& spec, const std::string& folder) {
  const torch::NoGradGuard no_gradients;
  const graft::NetworkPtr network = spec.build({5, graft::Init::none});
  graft::test::fill_with_formula(*network);
  network->eval();
  const int size = spec.preprocess.crop;
  const torch::Tensor images = graft::trial_images(5, size);
  damp(*network, images);
  const std::string file = onnx_file(graft::graph_of(*network, size), {spec.name, "", {}});
  const torch::Tensor logits = network->forward(images).contiguous();
  const std::string base = folder + "/" + spec.name;
  write(base + ".onnx", file.data(), file.size());
  write(base + ".images", images.const_data_ptr(), images.nbytes());
  write(base + ".logits", logits.const_data_ptr(), logits.nbytes());
  std::printf("%s %d\n", spec.name.c_str(), size);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "write_onnx_files FOLDER [PATTERN...]\n");
    return 2;
  }
  int failures = 0;
  for (const graft::ModelSpec* spec : graft::find_models({argv + 2, argv + argc})) {
    try {
      write_files(*spec, argv[1]);
    } catch (const std::exception& error) {
      std::fprintf(stderr, "%s: %s\n", spec->name.c_str(), error.what());
      ++failures;
    }
  }
  return failures > 0 ? 1 : 0;
}
