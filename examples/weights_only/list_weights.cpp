// Lists the tensors of a .pth or .safetensors file. Links only one stage of graft, without torch.
#include <graft/weights/state_dict.h>

#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  try {
    for (int i = 1; i < argc; ++i) {
      for (const graft::NamedTensor& each : graft::read_weights(argv[i]).tensors) {
        std::printf("%s %s", each.name.c_str(), to_string(each.tensor.dtype));
        for (const auto size : each.tensor.shape) std::printf(" %lld", static_cast<long long>(size));
        std::printf("\n");
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "list_weights: %s\n", error.what());
    return 1;
  }
  return 0;
}
