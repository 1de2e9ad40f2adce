#include "graft/serve/serve.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <future>
#include <nlohmann/json.hpp>
#include <thread>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/data/crop_plan.h"
#include "graft/data/transform.h"
#include "graft/image/codec.h"
#include "graft/infer/grad_cam.h"
#include "graft/infer/predict.h"
#include "graft/models/load.h"
#include "graft/models/registry.h"
#include "tests/support/error_of.h"
#include "tests/support/http_client.h"
#include "tests/support/picture_set.h"

namespace graft {
namespace {

using nlohmann::json;
using test::body_of_response;
using test::http;
using test::HttpClient;
using test::status_of;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Model small_model(const std::vector<std::string>& classes, std::uint64_t seed, const TaskSpec& task = {}) {
  const ModelSpec& spec = find_model("mobilenetv3_small_050");
  torch::manual_seed(seed);
  Model model{
      spec.name, classes, spec.preprocess, {}, build_with_weights(spec, classes.size(), "none").network};
  model.preprocess.crop = model.preprocess.resize = 64;
  model.task = task;
  return model;
}

class Serve : public ::testing::Test {
 protected:
  void SetUp() override {
    save_model(folder_.path() / "pets.safetensors", small_model({"cat", "dog", "owl"}, 1));
    save_model(folder_.path() / "tags.safetensors", small_model({"a", "b"}, 2, {LabelKind::multi}));
    save_model(folder_.path() / "age.safetensors", small_model({"age"}, 3, {LabelKind::number, 40, 10}));
    for (int i = 0; i < 6; ++i) pictures_.push_back(test::generated_picture(i % 3, i));
    request_.options.port = 0;
    request_.options.timeout = 20;
    for (const char* name : {"pets", "tags", "age"})
      request_.models.push_back({name, (folder_.path() / (std::string(name) + ".safetensors")).string()});
  }
  void start() { server_ = std::make_unique<Server>(request_, Observer{}); }
  int port() const {
    const std::string address = server_->address();
    return std::stoi(address.substr(address.rfind(':') + 1));
  }
  std::string post(const std::string& path, const std::string& body, const std::string& headers = "") const {
    return http(port(), "POST", path, body, headers);
  }
  std::string get(const std::string& path, const std::string& headers = "") const {
    return http(port(), "GET", path, "", headers);
  }
  // What graft predicts for the picture.
  Prediction expected(const std::string& model, const std::string& picture) const {
    const Predictor predictor(folder_.path() / (model + ".safetensors"), "cpu");
    return predictor.answer(std::span(reinterpret_cast<const std::uint8_t*>(picture.data()), picture.size()));
  }
  static void expect_same(const json& answer, const Prediction& expected, std::size_t top) {
    ASSERT_EQ(answer.at("top").size(), top);
    for (std::size_t i = 0; i < top; ++i) {
      EXPECT_EQ(answer["top"][i].at("index"), expected.top[i].index);
      EXPECT_NEAR(answer["top"][i].at("probability").get<double>(), expected.top[i].probability, 1e-5);
    }
  }

  test::TemporaryFolder folder_;
  std::vector<std::string> pictures_;
  ServeRequest request_;
  std::unique_ptr<Server> server_;
};

std::string form_of(const std::vector<std::string>& pictures) {
  std::string body;
  for (std::size_t i = 0; i < pictures.size(); ++i)
    body += "--B\r\nContent-Disposition: form-data; name=f; filename=\"" + std::to_string(i) +
            ".ppm\"\r\n\r\n" + pictures[i] + "\r\n";
  return body + "--B--\r\n";
}
constexpr const char* form_type = "Content-Type: multipart/form-data; boundary=B\r\n";
constexpr const char* json_type = "Content-Type: application/json\r\n";

TEST_F(Serve, AnswersAreThoseOfPredict) {
  start();
  for (const std::string& picture : pictures_) {
    const json one = json::parse(body_of_response(post("/v1/predict", picture)));
    EXPECT_EQ(one.at("model"), "pets");
    expect_same(one.at("predictions").at(0), expected("pets", picture), 3);
  }
  const json many = json::parse(body_of_response(post("/v1/predict?top_k=2", form_of(pictures_), form_type)));
  ASSERT_EQ(many.at("predictions").size(), pictures_.size());
  for (std::size_t i = 0; i < pictures_.size(); ++i) {
    EXPECT_EQ(many["predictions"][i].at("path"), std::to_string(i) + ".ppm");
    expect_same(many["predictions"][i], expected("pets", pictures_[i]), 2);
  }
  const json number = json::parse(body_of_response(post("/v1/predict?model=age", pictures_[1])));
  EXPECT_EQ(number.at("predictions").at(0).at("name"), "age");
  EXPECT_NEAR(number["predictions"][0].at("number").get<double>(), *expected("age", pictures_[1]).number,
              1e-3);
  const json all = json::parse(body_of_response(post("/v1/predict?model=tags&threshold=0", pictures_[1])));
  EXPECT_EQ(all.at("predictions").at(0).at("labels").size(), 2U);
}

TEST_F(Serve, ManyClientsGetTheirOwnAnswers) {
  start();
  std::vector<std::future<json>> answers;
  for (std::size_t i = 0; i < 40; ++i)
    answers.push_back(std::async(std::launch::async, [&, i] {
      return json::parse(body_of_response(post("/v1/predict", pictures_[i % pictures_.size()])));
    }));
  for (std::size_t i = 0; i < answers.size(); ++i)
    expect_same(answers[i].get().at("predictions").at(0), expected("pets", pictures_[i % pictures_.size()]),
                3);
  const std::string metrics = body_of_response(get("/metrics"));
  EXPECT_THAT(metrics, HasSubstr("graft_requests_total{code=\"200\",path=\"/v1/predict\"} 40"));
  EXPECT_THAT(metrics, HasSubstr("graft_pictures_total{model=\"pets\"} 40"));
  EXPECT_THAT(metrics, HasSubstr("graft_batch_images_sum{model=\"pets\"} 40"));
  EXPECT_THAT(metrics, HasSubstr("graft_queue_pictures 0"));
}

TEST_F(Serve, FeaturesAndDrawingsAreThoseOfTheModel) {
  start();
  const auto bytes =
      std::span(reinterpret_cast<const std::uint8_t*>(pictures_[2].data()), pictures_[2].size());
  const InferenceModel model = InferenceModel::compile(small_model({"cat", "dog", "owl"}, 1), torch::kCPU);
  OpenImage opened(bytes, "picture", decode_options_of(model.preprocess()));
  const Image seen = read_val(opened, model.preprocess());
  const torch::Tensor features = model.features(images_of(seen.view(), model.preprocess()))[0];
  const json embedded = json::parse(body_of_response(post("/v1/embed", pictures_[2])));
  const auto values = embedded.at("embeddings").at(0).at("embedding").get<std::vector<float>>();
  ASSERT_EQ(static_cast<std::int64_t>(values.size()), features.numel());
  EXPECT_TRUE(torch::allclose(torch::tensor(values), features, 1e-4, 1e-5));
  const std::string drawn = post("/v1/explain", pictures_[2]);
  EXPECT_THAT(drawn, HasSubstr("Content-Type: image/png"));
  EXPECT_EQ(body_of_response(drawn), encode_png(explain_picture(model, seen.view()).view()));
  EXPECT_EQ(status_of(post("/v1/explain", form_of(pictures_), form_type)), 400);
}

TEST_F(Serve, TheOpenInferenceProtocol) {
  start();
  EXPECT_EQ(json::parse(body_of_response(get("/v2"))).at("name"), "graft");
  EXPECT_EQ(json::parse(body_of_response(get("/v2/models/tags"))).at("outputs").at(0).at("name"),
            "probabilities");
  EXPECT_EQ(status_of(get("/v2/models/tags/ready")), 200);
  EXPECT_EQ(status_of(get("/v2/models/none")), 404);
  EXPECT_EQ(status_of(get("/v2/models/tags/other")), 404);
  const Image pixels = decode_image(std::vector<std::uint8_t>(pictures_[0].begin(), pictures_[0].end()),
                                    "picture", DecodeOptions());
  json data = json::array();
  for (int y = 0; y < pixels.height(); ++y)
    for (int x = 0; x < 3 * pixels.width(); ++x) data.push_back(pixels.row(y)[x]);
  const json input = {{"name", "images"},
                      {"shape", {1, pixels.height(), pixels.width(), 3}},
                      {"datatype", "UINT8"},
                      {"data", data}};
  const json answer = json::parse(body_of_response(
      post("/v2/models/pets/infer", json{{"id", "x"}, {"inputs", {input}}}.dump(), json_type)));
  EXPECT_EQ(answer.at("id"), "x");
  const json& output = answer.at("outputs").at(0);
  EXPECT_EQ(output.at("shape"), (json{1, 3}));
  for (const ClassScore& score : expected("pets", pictures_[0]).top)
    EXPECT_NEAR(output.at("data").at(static_cast<std::size_t>(score.index)).get<double>(), score.probability,
                1e-5);
  EXPECT_EQ(status_of(post("/v2/models/pets/infer", "{}", json_type)), 400);
}

TEST_F(Serve, WrongRequestsAreAnswered) {
  request_.options.max_pixels = 10'000;
  start();
  const auto problem = [](const std::string& response) {
    return std::to_string(status_of(response)) + " " +
           json::parse(body_of_response(response)).at("error").get<std::string>();
  };
  EXPECT_THAT(problem(post("/v1/predict", "no picture")),
              StartsWith("400 image 1: not a picture graft reads"));
  EXPECT_THAT(problem(post("/v1/predict", "P6 200 100 255 ")), StartsWith("400 image 1: "));
  EXPECT_THAT(problem(post("/v1/predict", "")), StartsWith("400 the body: has no picture"));
  EXPECT_THAT(problem(post("/v1/predict?model=none", pictures_[0])), StartsWith("404 none: is not a model"));
  for (const char* query : {"top_k=0", "top_k=x", "top_k=1.5", "threshold=2", "threshold=nan", "top_k="})
    EXPECT_THAT(
        problem(post("/v1/predict?model=tags&" + std::string(query), pictures_[0])),
        AnyOf(HasSubstr("is not an integer from 1 to 1000000"), HasSubstr("is not a number from 0 to 1")));
  const std::string range = R"(", "top_k": 0, "images": ["YQ=="]})";
  EXPECT_THAT(problem(post("/v1/predict", R"({"model": "tags)" + range, json_type)),
              HasSubstr("is not an integer from 1"));
  EXPECT_EQ(status_of(post("/v1/predict?threshold=0.5", pictures_[0])), 200) << "of no effect";
  EXPECT_THAT(post("/v1/predict?coverage=0.9", pictures_[0]), HasSubstr("pictures held out of training"))
      << "the model was not measured";
  EXPECT_EQ(status_of(post("/v1/predict?coverage=2", pictures_[0])), 400);
  EXPECT_THAT(problem(get("/v1/predict")), StartsWith("405 "));
  EXPECT_THAT(get("/v1/predict"), HasSubstr("Allow: POST"));
  EXPECT_THAT(problem(get("/../etc/passwd")), StartsWith("404 "));
  EXPECT_THAT(problem(http(port(), "DELETE", "/")), StartsWith("405 "));
  // one picture that cannot be read among others
  const json mixed = json::parse(
      body_of_response(post("/v1/predict", form_of({pictures_[0], "no picture", pictures_[1]}), form_type)));
  EXPECT_TRUE(mixed.at("predictions").at(0).contains("top"));
  EXPECT_THAT(mixed.at("predictions").at(1).at("error").get<std::string>(),
              StartsWith("1.ppm: not a picture"));
  expect_same(mixed.at("predictions").at(2), expected("pets", pictures_[1]), 3);
}

TEST_F(Serve, ThePageAndItsDescription) {
  start();
  const std::string page = get("/");
  EXPECT_THAT(page, HasSubstr("Content-Type: text/html"));
  EXPECT_THAT(page, HasSubstr("Content-Security-Policy: default-src 'none'"));
  EXPECT_THAT(get("/page.js"), HasSubstr("Content-Type: text/javascript"));
  EXPECT_THAT(get("/page.css"), HasSubstr("Content-Type: text/css"));
  const json description = json::parse(body_of_response(get("/openapi.json")));
  for (const char* path : {"/v1/predict", "/v1/explain", "/v1/embed", "/v1/models", "/metrics", "/healthz",
                           "/readyz", "/v2/models/{name}/infer"})
    EXPECT_TRUE(description.at("paths").contains(path)) << path;
  const json models = json::parse(body_of_response(get("/v1/models"))).at("models");
  ASSERT_EQ(models.size(), 3U);
  EXPECT_EQ(models[0].at("name"), "pets");
  EXPECT_EQ(models[0].at("default"), true);
  EXPECT_EQ(models[0].at("classes"), (json{"cat", "dog", "owl"}));
  EXPECT_EQ(models[2].at("labels"), "number");
  EXPECT_EQ(models[0].at("input").at("height"), 64);
  HttpClient head(port());
  head.send("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_of(head.receive()), 200);
}

TEST_F(Serve, TokensAreNeeded) {
  request_.token_file = folder_.write("tokens", "secret\n").string();
  start();
  const std::string refused = post("/v1/predict", pictures_[0]);
  EXPECT_EQ(status_of(refused), 401);
  EXPECT_THAT(refused, HasSubstr("WWW-Authenticate: Bearer"));
  EXPECT_EQ(status_of(get("/metrics")), 401);
  EXPECT_EQ(status_of(get("/nothing")), 401);
  for (const char* open : {"/", "/page.js", "/healthz", "/readyz"})
    EXPECT_EQ(status_of(get(open)), 200) << open;
  EXPECT_EQ(status_of(post("/v1/predict", pictures_[0], "Authorization: Bearer secret\r\n")), 200);
  EXPECT_EQ(status_of(post("/v1/predict", pictures_[0], "Authorization: Bearer other\r\n")), 401);
  folder_.write("tokens", "other\n");
  server_->reload();
  EXPECT_EQ(status_of(post("/v1/predict", pictures_[0], "Authorization: Bearer secret\r\n")), 401);
  EXPECT_EQ(status_of(post("/v1/predict", pictures_[0], "Authorization: Bearer other\r\n")), 200);
  // revoked even if a model cannot be loaded
  folder_.write("tokens", "third\n");
  folder_.write("pets.safetensors", "damaged");
  EXPECT_THAT(test::error_of([&] { server_->reload(); }), HasSubstr("pets.safetensors"));
  EXPECT_EQ(status_of(post("/v1/predict", pictures_[0], "Authorization: Bearer other\r\n")), 401);
  EXPECT_EQ(status_of(post("/v1/predict", pictures_[0], "Authorization: Bearer third\r\n")), 200);
}

TEST_F(Serve, AFullQueueIsAnAnswer) {
  request_.options.max_queue = 4;
  start();
  EXPECT_EQ(status_of(post("/v1/predict", form_of({pictures_.begin(), pictures_.begin() + 4}), form_type)),
            200);
  const std::string refused = post("/v1/predict", form_of(pictures_), form_type);
  EXPECT_EQ(status_of(refused), 400) << "it never fits";
  EXPECT_THAT(refused, HasSubstr("has more than 4 pictures"));
  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 30; ++i)
    answers.push_back(std::async(std::launch::async, [&] {
      return post("/v1/predict", form_of({pictures_.begin(), pictures_.begin() + 3}), form_type);
    }));
  int served = 0, busy = 0;
  for (auto& answer : answers) {
    const std::string response = answer.get();
    served += status_of(response) == 200 ? 1 : 0;
    if (status_of(response) == 503) {
      ++busy;
      EXPECT_THAT(response, HasSubstr("Retry-After: 1"));
    }
  }
  EXPECT_EQ(served + busy, 30);
  EXPECT_GE(served, 1);
  EXPECT_EQ(status_of(post("/v1/predict", form_of({pictures_.begin(), pictures_.begin() + 4}), form_type)),
            200)
      << "the queue is empty again";
}

TEST_F(Serve, AReloadLosesNoRequest) {
  start();
  const double before = expected("pets", pictures_[0]).top[0].probability;
  std::atomic<bool> ends{false};
  std::vector<std::future<int>> clients;
  for (int i = 0; i < 4; ++i)
    clients.push_back(std::async(std::launch::async, [&] {
      int answers = 0;
      for (; !ends; ++answers) {
        if (status_of(post("/v1/predict", pictures_[0])) != 200) return -1;
      }
      return answers;
    }));
  for (std::uint64_t seed = 10; seed < 16; ++seed) {
    save_model(folder_.path() / "pets.safetensors", small_model({"x", "y", "z"}, seed));
    server_->reload();
  }
  ends = true;
  for (auto& client : clients) EXPECT_GT(client.get(), 0);
  const json answer = json::parse(body_of_response(post("/v1/predict", pictures_[0])));
  expect_same(answer.at("predictions").at(0), expected("pets", pictures_[0]), 3);
  EXPECT_NE(expected("pets", pictures_[0]).top[0].probability, before);
  std::string metrics;
  for (int i = 0; i < 100 && metrics.find("graft_models 3\n") == std::string::npos; ++i) {
    post("/v1/predict", pictures_[0]);
    metrics = body_of_response(get("/metrics"));
  }
  EXPECT_THAT(metrics, HasSubstr("graft_models 3\n")) << "the former ones are freed";
  folder_.write("pets.safetensors", "damaged");
  EXPECT_THAT(test::error_of([&] { server_->reload(); }), HasSubstr("pets.safetensors"));
  EXPECT_EQ(json::parse(body_of_response(post("/v1/predict", pictures_[0]))), answer)
      << "the former model remains";
}

TEST_F(Serve, TheEndWaitsForAnswers) {
  start();
  const int port = this->port();
  std::vector<std::future<std::string>> answers;
  std::atomic<int> sent{0};
  for (int i = 0; i < 20; ++i)
    answers.push_back(std::async(std::launch::async, [&, i] {
      HttpClient client(port);
      const std::string& picture = pictures_[static_cast<std::size_t>(i) % pictures_.size()];
      client.send("POST /v1/predict HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                  std::to_string(picture.size()) + "\r\n\r\n" + picture);
      ++sent;
      return client.receive();
    }));
  HttpClient open(port);
  open.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(open.receive()), 200);
  while (sent < 20) std::this_thread::yield();
  EXPECT_TRUE(server_->drain());
  for (auto& answer : answers) {
    const int status = status_of(answer.get());
    EXPECT_TRUE(status == 200 || status == 503 || status == 0) << status;  // 0: it was not accepted any more
  }
  open.send("GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(status_of(open.receive()), 503);
  server_.reset();
  EXPECT_FALSE(HttpClient(port).is_connected());
}

TEST_F(Serve, ModelsHaveDifferentNames) {
  EXPECT_EQ(named_model("runs/pets").name, "pets");
  EXPECT_EQ(named_model("runs/pets/").name, "pets");
  EXPECT_EQ(named_model("runs/pets/model.safetensors").name, "pets");
  EXPECT_EQ(named_model("m/cats.safetensors").name, "cats");
  EXPECT_EQ(named_model("dogs=runs/a=b").name, "dogs");
  EXPECT_EQ(named_model("dogs=runs/a=b").path, "runs/a=b");
  EXPECT_THAT(test::error_of([] { named_model("runs/my pets"); }), HasSubstr("name it: NAME=runs/my pets"));
  request_.models.push_back(request_.models.front());
  EXPECT_THAT(test::error_of([&] { start(); }), HasSubstr("has the name of another model, \"pets\""));
  request_.models = {};
  EXPECT_THAT(test::error_of([&] { start(); }), HasSubstr("MODEL: is missing"));
}

}  // namespace
}  // namespace graft
