#include "graft/serve/service.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <future>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/core/json_line.h"
#include "graft/core/processors.h"
#include "graft/core/text.h"
#include "graft/core/version.h"
#include "graft/device/device.h"
#include "graft/http/infer_protocol.h"
#include "graft/serve/access.h"
#include "graft/serve/answers.h"
#include "graft/serve/page.h"
#include "graft/session/open_model.h"

namespace graft {

namespace {

using Json = nlohmann::ordered_json;

constexpr Endpoint endpoints[] = {{"/", "GET", true},
                                  {"/page.css", "GET", true},
                                  {"/page.js", "GET", true},
                                  {"/openapi.json", "GET", true},
                                  {"/healthz", "GET", true},
                                  {"/readyz", "GET", true},
                                  {"/metrics", "GET", false},
                                  {"/v1/models", "GET", false},
                                  {"/v1/predict", "POST", false},
                                  {"/v1/explain", "POST", false},
                                  {"/v1/embed", "POST", false},
                                  {"/v2", "GET", false},
                                  {"/v2/health/live", "GET", true},
                                  {"/v2/health/ready", "GET", true},
                                  {"/v2/models/*", "GET", false},
                                  {"/v2/models/*/ready", "GET", false},
                                  {"/v2/models/*/infer", "POST", false}};
constexpr Endpoint unknown = {"other", "", false};

// The part of the path at "*"; empty if the path is another.
std::optional<std::string> match(const std::string& pattern, const std::string& path) {
  const std::size_t star = pattern.find('*');
  if (star == std::string::npos) return pattern == path ? std::optional(std::string()) : std::nullopt;
  const std::string before = pattern.substr(0, star), after = pattern.substr(star + 1);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) || !path.ends_with(after))
    return std::nullopt;
  const std::string name = path.substr(star, path.size() - before.size() - after.size());
  return name.find('/') == std::string::npos ? std::optional(name) : std::nullopt;
}

const Endpoint* endpoint_of(const std::string& path) {
  const auto found = std::find_if(std::begin(endpoints), std::end(endpoints),
                                  [&](const Endpoint& each) { return match(each.path, path).has_value(); });
  return found == std::end(endpoints) ? nullptr : found;
}

HttpResponse text_answer(int status, const std::string& text) {
  return {status, "text/plain; charset=utf-8", text + "\n", {}};
}

Json description_of(const ServedModel& model, bool is_default) {
  const InferenceModel& network = model.model();
  const int size = network.preprocess().crop;
  return {{"name", model.name()},
          {"architecture", model.architecture()},
          {"labels", to_string(model.opened().labels)},
          {"classes", model.opened().classes},
          {"input", {{"height", size}, {"width", size}}},
          {"features", network.num_features()},
          {"default", is_default}};
}

int lanes_of(const ServeRequest& request, const torch::Device& device, const Observer& observer) {
  use_threads(request.options.threads, observer);
  return device.is_cpu() ? at::get_num_threads() : 1;
}

}  // namespace

std::string name_in_path(const Endpoint& endpoint, const HttpRequest& request) {
  return match(endpoint.path, request.path).value_or("");
}

const char* output_name(const ServedModel& model) {
  return model.opened().labels == LabelKind::number ? "numbers" : "probabilities";
}

Service::Service(const ServeRequest& request, const Observer& observer)
    : request_(request),
      device_(select_device(request.options.device)),
      metrics_(std::make_unique<ServerMetrics>()),
      compute_(lanes_of(request, device_, observer)) {
  if (request_.models.empty()) throw UsageError("MODEL", "is missing", "name a run folder or a model file");
  std::set<std::string> names;
  for (const NamedModel& model : request_.models) {
    if (!names.insert(model.name).second)
      throw UsageError(model.path, "has the name of another model, \"" + model.name + "\"",
                       "give it another: NAME=" + model.path);
  }
  state_ = std::make_shared<const State>(State{load_models(), load_tokens()});
  const int workers = request_.options.workers;
  threads_ = std::make_unique<WorkThreads>(workers > 0 ? bounded_threads(workers) : processors().available);
}

std::vector<std::string> Service::load_tokens() const {
  return request_.token_file.empty() ? std::vector<std::string>() : tokens_of(request_.token_file);
}

// In a thread that ends, and with it the threads of OpenMP that it makes work (batcher.h).
std::vector<Service::ModelPtr> Service::load_models() const {
  const auto load = [this] {
    std::vector<ModelPtr> models;
    for (const NamedModel& named : request_.models) {
      const auto count = [metrics = metrics_.get(), name = named.name](std::size_t images) {
        metrics->add_batch(name, images);
      };
      models.push_back(
          std::make_shared<const ServedModel>(named, request_.options, device_, compute_, count));
    }
    return models;
  };
  return std::async(std::launch::async, load).get();
}

Image Service::computed(const std::function<Image()>& work) {
  if (compute_.is_here()) return work();
  std::packaged_task<Image()> task(work);
  std::future<Image> result = task.get_future();
  compute_.add([&task] { task(); });
  return result.get();
}

// A token is revoked even if a model cannot be loaded.
void Service::reload() {
  std::vector<std::string> tokens = load_tokens();
  {
    const std::scoped_lock lock(mutex_);
    state_ = std::make_shared<const State>(State{state_->models, tokens});
  }
  auto fresh = std::make_shared<const State>(State{load_models(), std::move(tokens)});
  {
    const std::scoped_lock lock(mutex_);
    former_.push_back(std::exchange(state_, std::move(fresh)));
  }
  drop_former_models();
}

std::size_t Service::loaded_models() const {
  const std::scoped_lock lock(mutex_);
  return (1 + former_.size()) * request_.models.size();
}

bool Service::has_former_models() const {
  const std::scoped_lock lock(mutex_);
  return !former_.empty();
}

// Not in the thread of compute_ (~Batcher).
void Service::drop_former_models() {
  std::vector<std::shared_ptr<const State>> unused;
  const std::scoped_lock lock(mutex_);
  std::erase_if(former_, [&](const std::shared_ptr<const State>& state) {
    const bool used =
        state.use_count() > 1 || std::any_of(state->models.begin(), state->models.end(),
                                             [](const ModelPtr& model) { return model.use_count() > 1; });
    if (!used) unused.push_back(state);
    return !used;
  });
}

std::shared_ptr<const Service::State> Service::state() const {
  const std::scoped_lock lock(mutex_);
  return state_;
}

// The first without a name.
Service::ModelPtr Service::model_of(const std::string& name) const {
  const auto current = state();
  if (name.empty()) return current->models.front();
  for (const ModelPtr& model : current->models) {
    if (model->name() == name) return model;
  }
  return nullptr;
}

std::optional<HttpResponse> Service::refuse(const HttpRequest& request) {
  const Endpoint* endpoint = endpoint_of(request.path);
  const bool is_public = endpoint != nullptr && endpoint->is_public;
  std::optional<HttpResponse> refusal;
  if (const auto current = state();
      !is_public && !current->tokens.empty() && !is_authorized(request.authorization, current->tokens)) {
    refusal = problem_response(401, "the request has no valid token; send Authorization: Bearer TOKEN");
    refusal->headers["WWW-Authenticate"] = "Bearer";
  } else if (endpoint == nullptr) {
    refusal = problem_response(
        404, shorten(request.path) + ": is not an address of this server; /openapi.json lists them");
  } else if (request.method != endpoint->method &&
             !(request.method == "HEAD" && endpoint->method == std::string("GET"))) {
    refusal = problem_response(405, request.path + ": takes " + endpoint->method);
    refusal->headers["Allow"] = endpoint->method;
  } else if (const std::string name = name_in_path(*endpoint, request); !name.empty() && !model_of(name)) {
    refusal = problem_response(404, UnknownModel(name).what());
  } else if (request.method == "POST" && draining_) {
    refusal = unavailable_response("the server is ending");
  } else if (request.method == "POST" && queue_ >= request_.options.max_queue) {
    refusal = unavailable_response("too many pictures are waiting; try again");
  }
  if (refusal) metrics_->add_request(endpoint ? endpoint->path : unknown.path, refusal->status, 0);
  return refusal;
}

void Service::Open::answer(HttpResponse response) {
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - since;
  service.metrics_->add_request(endpoint.path, response.status, seconds.count());
  service.queue_ -= pictures;
  --service.open_;
  if (service.draining_) response.headers["Connection"] = "close";
  std::exchange(respond, nullptr)(std::move(response));
}

void Service::handle(HttpRequest request, Respond respond) {
  const Endpoint& endpoint = *endpoint_of(request.path);  // refuse() has accepted it
  const auto open = std::make_shared<Open>(*this, endpoint, std::move(respond));
  ++open_;
  if (has_former_models()) threads_->add([this] { drop_former_models(); });
  if (request.method != "POST") return open->answer(get(endpoint, request));
  open->pictures = 1;  // until they are counted
  ++queue_;
  // A request that comes alone is not passed from thread to thread.
  const auto task = [this, open, request = std::make_shared<HttpRequest>(std::move(request))] {
    try {
      if (gives_up_) return open->answer(unavailable_response("the server is ending"));
      post(open, *request);
    } catch (...) {
      open->answer(answer_of(std::current_exception()));
    }
  };
  compute_.is_idle() ? compute_.add(task) : threads_->add(task);
}

HttpResponse Service::get(const Endpoint& endpoint, const HttpRequest& request) {
  const std::string path = endpoint.path;
  if (path == "/healthz") return text_answer(200, "ok");
  if (path == "/readyz") return draining_ ? text_answer(503, "draining") : text_answer(200, "ready");
  if (path == "/metrics")
    return {200,
            "text/plain; version=0.0.4",
            metrics_->text(queue_, static_cast<double>(connections()), static_cast<double>(loaded_models())),
            {}};
  if (path == "/v2/health/live") return json_answer("{\"live\": true}");
  if (path == "/v2/health/ready" || path == "/v2/models/*/ready") {
    const bool ready = !draining_;
    return {
        ready ? 200 : 503, "application/json", ready ? "{\"ready\": true}\n" : "{\"ready\": false}\n", {}};
  }
  if (path == "/v2")
    return json_answer(R"({"name": "graft", "version": ")" + std::string(version()) +
                       R"(", "extensions": []})");
  if (path == "/v2/models/*") {
    const ModelPtr model = model_of(name_in_path(endpoint, request));
    return json_answer(infer_metadata(model->name(), output_name(*model), model->opened().classes.size()));
  }
  if (path == "/v1/models") {
    Json models = Json::array();
    const auto current = state();
    for (const ModelPtr& model : current->models) models.push_back(description_of(*model, models.empty()));
    return json_answer(json_line(Json{{"models", models}}));
  }
  return *page_response(request.path);
}

void Service::post(const OpenPtr& open, const HttpRequest& request) {
  const std::string path = open->endpoint.path;
  if (path == "/v1/predict") return predict(open, request);
  if (path == "/v1/explain") return explain(open, request);
  if (path == "/v1/embed") return embed(open, request);
  infer(open, request);
}

}  // namespace graft
