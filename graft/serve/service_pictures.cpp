// The endpoints that take pictures.
#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/json_line.h"
#include "graft/core/text.h"
#include "graft/device/engine_error.h"
#include "graft/http/infer_protocol.h"
#include "graft/image/codec.h"
#include "graft/infer/grad_cam.h"
#include "graft/infer/predict.h"
#include "graft/serve/answers.h"
#include "graft/serve/service.h"
#include "graft/session/result_texts.h"

namespace graft {
namespace {

using PictureJson = nlohmann::ordered_json;

// A field as a number. Throws BadRequest.
template <class Number>
std::optional<Number> number_in(const std::map<std::string, std::string>& fields, const std::string& name,
                                Number least, Number most) {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  const std::string& text = found->second;
  Number number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size() || !(number >= least && number <= most))
    throw BadRequest(name,
                     "\"" + shorten(text) + "\" is not " +
                         (std::is_integral_v<Number>
                              ? "an integer from " + std::to_string(least) + " to " + std::to_string(most)
                              : "a number from " + csv_number(least) + " to " + csv_number(most)));
  return number;
}

// Throws BadRequest.
void check_coverage(const InferenceModel& model, const PredictOptions& options) {
  try {
    check_predict_options(model, options);
  } catch (const Error& error) {
    throw BadRequest("coverage", error.problem());
  }
}

}  // namespace

// The results of a request's pictures.
struct Service::Collected {
  OpenPtr open;
  ModelPtr model;
  std::vector<Work> work;
  Wanted wanted = Wanted::signals;
  std::function<HttpResponse(const Collected&)> finish;
  std::vector<torch::Tensor> rows;
  std::vector<std::exception_ptr> problems;
  std::atomic<std::size_t> left{0};

  // {"model": "pets", "predictions": [part, …]}: of each picture the JSON that `part` makes of its row, or
  // its problem.
  HttpResponse list(
      const char* name,
      const std::function<std::string(const std::string& picture, const torch::Tensor& row)>& part) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < work.size(); ++i)
      parts.push_back(problems[i]
                          ? json_line(PictureJson{{"path", work[i].name}, {"error", words_of(problems[i])}})
                          : part(work[i].name, rows[i]));
    return json_answer("{\"model\": " + PictureJson(model->name()).dump() + ", \"" + name + "\": [" +
                       join(parts, ", ") + "]}");
  }

  void set(std::size_t i, const torch::Tensor& row, const std::exception_ptr& problem) {
    rows[i] = row;
    problems[i] = problem;
    if (--left > 0) return;
    HttpResponse response = answer();
    // After the answer the server can end, and the thread of compute_ must not be the last to hold a model.
    work.clear();
    model.reset();
    open->answer(std::move(response));
  }

  HttpResponse answer() const {
    try {
      const bool all_failed = std::find(problems.begin(), problems.end(), nullptr) == problems.end();
      return all_failed ? answer_of(problems.front()) : finish(*this);
    } catch (...) {
      return answer_of(std::current_exception());
    }
  }
};

void Service::admit(Open& open, std::size_t pictures) {
  const int more = static_cast<int>(pictures) - open.pictures;
  if (queue_.fetch_add(more) + more > request_.options.max_queue && more > 0) {
    queue_ -= more;
    throw Unavailable("too many pictures are waiting; try again");
  }
  open.pictures += more;
}

// The model and the pictures that a request names.
struct Service::Asked {
  ModelPtr model;
  SentPictures sent;
};

Service::Asked Service::asked(const HttpRequest& request) const {
  Asked asked{nullptr, pictures_of(request, static_cast<std::size_t>(request_.options.max_queue))};
  const auto named = asked.sent.fields.find("model");
  const std::string name = named == asked.sent.fields.end() ? "" : named->second;
  asked.model = model_of(name);
  if (!asked.model) throw UnknownModel(shorten(name));
  return asked;
}

std::vector<Service::Work> Service::work_of(const ModelPtr& model, std::vector<SentPicture> pictures) {
  std::vector<Work> work;
  for (SentPicture& picture : pictures) {
    const auto bytes = std::make_shared<std::vector<std::uint8_t>>(std::move(picture.bytes));
    work.push_back({picture.name, [model, bytes, name = picture.name] { return model->read(*bytes, name); }});
  }
  return work;
}

void Service::predict(const OpenPtr& open, const HttpRequest& request) {
  constexpr int default_top_k = 5, most_classes = 1'000'000;
  Asked asked = this->asked(request);
  PredictOptions options;
  options.top_k = number_in<int>(asked.sent.fields, "top_k", 1, most_classes).value_or(default_top_k);
  options.threshold = number_in<double>(asked.sent.fields, "threshold", 0, 1).value_or(-1);
  options.coverage = number_in<double>(asked.sent.fields, "coverage", 0, 1).value_or(0);
  // Clients send the same members to all models.
  if (asked.model->opened().labels != LabelKind::multi) options.threshold = -1;
  if (asked.model->opened().labels != LabelKind::single) options.coverage = 0;
  check_coverage(asked.model->model(), options);
  auto work = work_of(asked.model, std::move(asked.sent.pictures));
  compute(open, asked.model, std::move(work), Wanted::signals, [options](const Collected& collected) {
    return collected.list("predictions", [&](const std::string& name, const torch::Tensor& row) {
      Prediction prediction = predictions_of(collected.model->model(), row, options).front();
      prediction.path = name;
      return to_json(prediction, collected.model->opened());
    });
  });
}

void Service::embed(const OpenPtr& open, const HttpRequest& request) {
  Asked asked = this->asked(request);
  auto work = work_of(asked.model, std::move(asked.sent.pictures));
  compute(open, asked.model, std::move(work), Wanted::features, [](const Collected& collected) {
    return collected.list("embeddings", [](const std::string& name, const torch::Tensor& row) {
      return json_line(PictureJson{{"path", name}, {"embedding", floats_of(row)}});
    });
  });
}

void Service::explain(const OpenPtr& open, const HttpRequest& request) {
  const Asked asked = this->asked(request);
  if (asked.sent.pictures.size() != 1)
    throw BadRequest("the body", "has several pictures", "send one in each request");
  const SentPicture& picture = asked.sent.pictures.front();
  metrics_->add_pictures(asked.model->name(), 1);
  const Image seen = asked.model->read(picture.bytes, picture.name);
  const Image explained = computed([&] {
    return with_engine_errors(picture.name,
                              [&] { return explain_picture(asked.model->model(), seen.view()); });
  });
  open->answer({200, "image/png", encode_png(explained.view()), {}});
}

void Service::infer(const OpenPtr& open, const HttpRequest& request) {
  const ModelPtr model = model_of(name_in_path(open->endpoint, request));
  const auto max_pictures = static_cast<std::size_t>(request_.options.max_queue);
  InferRequest asked = infer_request(request.body, max_pictures, request_.options.max_pixels);
  std::vector<Work> work = work_of(model, std::move(asked.files));
  for (Image& pixels : asked.pixels) {
    const auto image = std::make_shared<const Image>(std::move(pixels));
    work.push_back(
        {"image " + std::to_string(work.size() + 1), [model, image] { return model->read(image->view()); }});
  }
  compute(open, model, std::move(work), Wanted::signals, [id = asked.id](const Collected& collected) {
    const InferenceModel& network = collected.model->model();
    std::vector<std::vector<float>> rows;
    for (std::size_t i = 0; i < collected.work.size(); ++i) {
      if (collected.problems[i]) return answer_of(collected.problems[i]);
      rows.push_back(floats_of(network.task().answers(logits_in(network, collected.rows[i]))));
    }
    return json_answer(infer_response(collected.model->name(), id, output_name(*collected.model), rows));
  });
}

void Service::compute_one(const std::shared_ptr<Collected>& collected, std::size_t index) {
  const ModelPtr model = collected->model;
  const Work& work = collected->work[index];
  torch::Tensor image;
  try {
    if (gives_up_) throw Unavailable("the server is ending");
    with_engine_errors(work.name,
                       [&] { image = images_of(work.read().view(), model->model().preprocess()); });
  } catch (...) {
    model->batcher().withdraw();
    return collected->set(index, {}, std::current_exception());
  }
  model->batcher().add(std::move(image), collected->wanted, work.name,
                       [collected, index](const torch::Tensor& row, const std::exception_ptr& problem) {
                         collected->set(index, row, problem);
                       });
}

void Service::compute(const OpenPtr& open, const ModelPtr& model, std::vector<Work> work, Wanted wanted,
                      std::function<HttpResponse(const Collected&)> finish) {
  admit(*open, work.size());
  const auto collected = std::make_shared<Collected>();
  const std::size_t count = work.size();
  collected->open = open;
  collected->model = model;
  collected->work = std::move(work);
  collected->wanted = wanted;
  collected->finish = std::move(finish);
  collected->rows.resize(count);
  collected->problems.resize(count);
  collected->left = count;
  metrics_->add_pictures(model->name(), static_cast<double>(count));
  for (std::size_t i = 0; i < count; ++i) model->batcher().announce();
  for (std::size_t i = 1; i < count; ++i) threads_->add([this, collected, i] { compute_one(collected, i); });
  compute_one(collected, 0);
}

}  // namespace graft
