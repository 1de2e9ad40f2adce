// A server of models over HTTP (docs/serve.md). This header does not include torch.
//
//   graft::Server server({.models = {{"pets", "runs/pets"}}}, {});
//   std::puts(server.address().c_str());  // it answers until it is destroyed
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "graft/core/option.h"
#include "graft/image/codec.h"
#include "graft/session/request.h"

namespace graft {

struct ServeOptions {
  std::string host = "127.0.0.1";
  int port = 8080;
  int max_batch = 8;
  double max_delay_ms = 2;
  int max_queue = 128;
  int max_body_mb = 20;
  std::uint64_t max_pixels = DecodeOptions().max_pixels;
  double timeout = 30;
  int max_connections = 10'000;
  double drain_seconds = 30;
  int workers = 0;
  std::string device = "auto";
  int threads = 0;
};
inline constexpr auto serve_options = options_of<ServeOptions>(
    option<&ServeOptions::host>("address to listen on; 0.0.0.0 for all networks"),
    option<&ServeOptions::port>(0, 65'535, "port to listen on; 0: any free one"),
    option<&ServeOptions::max_batch>(1, 4096, "most pictures that are computed together"),
    option<&ServeOptions::max_delay_ms>(
        0, 10'000, "longest time that a picture waits for others that are being decoded"),
    option<&ServeOptions::max_queue>(1, 1'000'000,
                                     "most pictures that wait for their answers; further requests get 503"),
    option<&ServeOptions::max_body_mb>(1, 1024, "largest body of a request, in MiB; larger ones get 413"),
    option<&ServeOptions::max_pixels>(1, 1e12, "largest picture, in pixels"),
    option<&ServeOptions::timeout>(0.1, 86'400,
                                   "seconds to send a request or receive an answer; slower clients are cut"),
    option<&ServeOptions::max_connections>(1, 1'000'000, "most open connections; further clients wait"),
    option<&ServeOptions::drain_seconds>(0, 86'400, "longest time to answer what has arrived before the end"),
    option<&ServeOptions::workers>(0, 1024, "threads that decode pictures; 0: one for each processor"),
    option<&ServeOptions::device>("auto, cpu, cuda or cuda:N"),
    option<&ServeOptions::threads>(0, 4096, "compute threads; 0: one for each processor"));

struct NamedModel {
  std::string name, path;  // the name in addresses; a run folder or a model file
};

// "pets=runs/pets" or a path, whose last part is the name. Throws UsageError for a name with characters
// other than letters, digits, '.', '_' and '-'.
NamedModel named_model(const std::string& text);

struct ServeRequest {
  std::vector<NamedModel> models;  // the first is the default
  ServeOptions options = {};
  // A file with a token in each line, one of which every request must have (Authorization: Bearer TOKEN);
  // empty: no token.
  std::string token_file = {};
};

// Answers requests from its own threads. Methods are called from one thread.
class Server {
 public:
  // Loads the models, then listens. Throws Error and UsageError.
  Server(const ServeRequest& request, const Observer& observer);
  // As drain(), then ends.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  std::string address() const;  // "http://127.0.0.1:8080"
  // Loads the tokens, then the models again, from the same paths; requests that have arrived get the answers
  // of the former models. Throws Error if one cannot be loaded: then the former models remain, and the former
  // tokens if the error is about them.
  void reload();
  // Accepts no further connections, answers what has arrived, at most drain_seconds. Returns whether all
  // requests were answered.
  bool drain();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace graft
