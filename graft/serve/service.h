// The endpoints of the server: from requests to answers. Internal.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "graft/http/request_pictures.h"
#include "graft/http/server.h"
#include "graft/serve/served_model.h"
#include "graft/serve/server_metrics.h"
#include "graft/serve/work_threads.h"

namespace graft {

// A path, with "*" for the name of a model.
struct Endpoint {
  const char* path;
  const char* method;
  bool is_public;  // without a token
};
// The name in a request's path.
std::string name_in_path(const Endpoint& endpoint, const HttpRequest& request);
// The name of the output of a model in the Open Inference Protocol.
const char* output_name(const ServedModel& model);

class Service : public HttpHandler {
 public:
  // Loads the models. Throws Error and UsageError.
  Service(const ServeRequest& request, const Observer& observer);
  // Answers what has arrived.
  ~Service() override = default;

  // As Server::reload().
  void reload();
  // Further requests get 503.
  void refuse_further() { draining_ = true; }
  // Pictures that wait get 503 too.
  void give_up() { gives_up_ = true; }
  // Whether requests have no answer yet.
  bool is_open() const { return open_ > 0; }

  std::optional<HttpResponse> refuse(const HttpRequest& request) override;
  void handle(HttpRequest request, Respond respond) override;

  // For the metrics; set before the first request.
  std::function<std::size_t()> connections = [] { return std::size_t{0}; };

 private:
  using ModelPtr = std::shared_ptr<const ServedModel>;
  struct State {  // what a reload replaces
    std::vector<ModelPtr> models;
    std::vector<std::string> tokens;
  };
  // A request whose answer is not given yet. It counts as `pictures` in the queue.
  struct Open {
    Service& service;
    const Endpoint& endpoint;
    Respond respond;
    std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now();
    int pictures = 0;

    void answer(HttpResponse response);
  };
  using OpenPtr = std::shared_ptr<Open>;
  // A picture of a request.
  struct Work {
    std::string name;
    std::function<Image()> read;
  };
  struct Collected;
  struct Asked;

  std::vector<std::string> load_tokens() const;
  std::vector<ModelPtr> load_models() const;
  std::size_t loaded_models() const;  // with those whose requests are not answered yet
  std::shared_ptr<const State> state() const;
  ModelPtr model_of(const std::string& name) const;  // null if there is none of the name
  Asked asked(const HttpRequest& request) const;
  static std::vector<Work> work_of(const ModelPtr& model, std::vector<SentPicture> pictures);
  HttpResponse get(const Endpoint& endpoint, const HttpRequest& request);
  void post(const OpenPtr& open, const HttpRequest& request);
  void predict(const OpenPtr& open, const HttpRequest& request);
  void explain(const OpenPtr& open, const HttpRequest& request);
  void embed(const OpenPtr& open, const HttpRequest& request);
  void infer(const OpenPtr& open, const HttpRequest& request);
  void admit(Open& open, std::size_t pictures);
  void compute(const OpenPtr& open, const ModelPtr& model, std::vector<Work> work, Wanted wanted,
               std::function<HttpResponse(const Collected&)> finish);
  void compute_one(const std::shared_ptr<Collected>& collected, std::size_t index);
  bool has_former_models() const;
  void drop_former_models();
  // Calls `work` in the thread of compute_, and returns or throws what it does.
  Image computed(const std::function<Image()>& work);

  ServeRequest request_;
  torch::Device device_;
  std::unique_ptr<ServerMetrics> metrics_;
  std::atomic<int> queue_{0};  // pictures
  std::atomic<int> open_{0};   // requests
  std::atomic<bool> draining_{false}, gives_up_{false};
  mutable ComputeLanes compute_;  // all networks (batcher.h); outlives the models
  mutable std::mutex mutex_;      // of the two below
  std::shared_ptr<const State> state_;
  std::vector<std::shared_ptr<const State>> former_;  // until their requests are answered
  std::unique_ptr<WorkThreads> threads_;              // last: they use the other members
};

}  // namespace graft
