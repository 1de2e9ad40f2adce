// graft info: what this program is made of and what it found on this machine.
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/processors.h"
#include "graft/core/version.h"
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

void add_info(CLI::App& app, Console& console) {
  CLI::App* verb = app.add_subcommand("info", "Show versions, devices and the place of the cache");
  verb->callback([&console] {
    const MachineFacts facts = machine_facts();
    console.result(std::string("graft     ") + version());
    console.result("libtorch  " + facts.libtorch);
    console.result("device    " + facts.device);
    console.result("cores     " + processors().describe());
    console.result("cpu code  " + facts.cpu_code);
    console.result("cache     " + cache_place());
  });
}

}  // namespace graft::cli
