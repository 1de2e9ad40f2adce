// graft serve MODEL...: models answer over HTTP.
#include "graft/serve/serve.h"

#include <chrono>
#include <thread>

#include "cli/bind_options.h"
#include "cli/process.h"
#include "cli/verbs.h"
#include "graft/core/error.h"
#include "graft/core/stop_signal.h"

namespace graft::cli {
namespace {

struct ServeArguments {
  std::vector<std::string> models;
  std::string token_file;
  GivenOptions given;
};

void serve(const ServeArguments& arguments, Console& console) {
  console.outlives_output = true;
  ServeRequest request{{}, options_from<ServeOptions>(serve_options, arguments.given), arguments.token_file};
  for (const std::string& model : arguments.models) request.models.push_back(named_model(model));
  limit_kept_memory();
  const StopSignal stop;
  const ReloadSignal reload;
  Server server(request, console.observer());
  console.say("serving  " + server.address());
  while (StopSignal::received() == 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    if (!ReloadSignal::take()) continue;
    try {
      server.reload();
      return_free_memory();  // of the former models
      console.say("reloaded");
    } catch (const Error& error) {
      console.warn(std::string("graft: ") + error.what() + "; what could not be loaded remains as it was");
    }
  }
  if (!server.drain()) console.warn("graft: requests were not answered within --drain-seconds");
}

}  // namespace

void add_serve(CLI::App& app, Console& console) {
  auto [verb, arguments] = add_verb(app, console, "serve", "Answer over HTTP, with a web page", serve);
  verb.add_option("MODEL", arguments.models,
                  "run folders or model files; NAME=MODEL gives a name [the last part of the path]")
      ->required();
  verb.add_option("--token-file", arguments.token_file,
                  "tokens, one in a line: requests need one (Authorization: Bearer TOKEN)")
      ->type_name("FILE");
  bind_options<ServeOptions>(verb, console, serve_options, arguments.given);
}

}  // namespace graft::cli
