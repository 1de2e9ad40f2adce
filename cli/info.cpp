// graft info: what this program is made of and what it found on this machine.
#include <ATen/Version.h>
#include <torch/version.h>

#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/processors.h"
#include "graft/device/device.h"
#include "graft/net/hub.h"

namespace graft::cli {
namespace {

std::string cache_place() {
  try {
    return hub_checkpoints().string();
  } catch (const Error& error) {
    return std::string("none: ") + error.what();
  }
}

}  // namespace

void add_info(CLI::App& app, Context& context) {
  CLI::App* verb = app.add_subcommand("info", "Tell versions, devices and where the cache is");
  verb->callback([&context] {
    Console& console = context.console;
    console.result(std::string("graft     ") + GRAFT_VERSION);
    console.result(std::string("libtorch  ") + TORCH_VERSION);
    set_compute_threads(0);
    console.result("device    " + describe_device(select_device("auto")));
    console.result("cores     " + processors().describe());
    console.result("cpu code  " + at::get_cpu_capability() + (at::hasMKL() ? ", MKL" : "") +
                   (at::hasMKLDNN() ? ", oneDNN" : ""));
    console.result("cache     " + cache_place());
  });
}

}  // namespace graft::cli
