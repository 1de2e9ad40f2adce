#include "graft.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/version.h"
#include "graft/device/engine_error.h"
#include "graft/infer/predictor.h"

struct graft_model {
  graft::Predictor predictor;
};

namespace {

using graft::UsageError;

thread_local std::string last_error;

int failed(int code, const char* message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error = "out of memory";  // short enough for std::string to store without an allocation
  }
  return code;
}

// Does `work`. Converts an exception to its code, and keeps its message.
template <class Work>
int attempt(const Work& work) noexcept {
  try {
    graft::with_engine_errors("graft", work);
    return GRAFT_OK;
  } catch (const UsageError& error) {
    return failed(GRAFT_ERROR_ARGUMENT, error.what());
  } catch (const graft::EngineError& error) {
    return failed(GRAFT_ERROR_ENGINE, error.what());
  } catch (const graft::Error& error) {
    return failed(GRAFT_ERROR_INPUT, error.what());
  } catch (const std::exception& error) {
    return failed(GRAFT_ERROR_ENGINE, error.what());
  } catch (...) {
    return failed(GRAFT_ERROR_ENGINE, "an unknown exception");
  }
}

// The result of `work`; 0 or null if it throws.
template <class Work>
auto result_of(const Work& work) noexcept {
  decltype(work()) result{};
  attempt([&] { result = work(); });
  return result;
}

template <class Value>
Value& required(Value* pointer, const char* name) {
  if (pointer == nullptr) throw UsageError(name, "is NULL");
  return *pointer;
}

const graft::Predictor& predictor_of(const graft_model* model) {
  return required(model, "`model`").predictor;
}

// Sources of a picture, as Predictor takes them.

std::filesystem::path path_of(const char* path) {
  if (required(path, "`path`") == '\0') throw graft::UsageError("`path`", "is empty", "name a file");
  return path;
}

std::span<const std::uint8_t> encoded_of(const void* bytes, size_t size) {
  const auto* first = static_cast<const std::uint8_t*>(bytes);
  return {&required(first, "`bytes`"), size};
}

graft::ImageView view_of(const uint8_t* pixels, int height, int width, size_t stride) {
  return {&required(pixels, "`pixels`"), height, width, stride};
}

graft::PixelOrder order_of(int order) {
  if (order == GRAFT_RGB) return graft::PixelOrder::rgb;
  if (order == GRAFT_BGR) return graft::PixelOrder::bgr;
  throw UsageError("`order`", std::to_string(order) + " is not an order of channels",
                   "use GRAFT_RGB or GRAFT_BGR");
}

// The array of a caller, as `name`, that must have room for `needed` values.
void require_room(const float* values, const char* name, size_t count, size_t needed) {
  required(values, name);
  if (count < needed)
    throw UsageError("`count`", std::to_string(count) + " is less than the " + std::to_string(needed) +
                                    " values of the result");
}

template <class... Source>
void predict_into(float* outputs, size_t count, const graft::Predictor& predictor, const Source&... source) {
  require_room(outputs, "`outputs`", count, predictor.classes().size());
  const graft::Prediction prediction = predictor.answer(source...);
  if (prediction.number) *outputs = static_cast<float>(*prediction.number);
  for (const graft::ClassScore& score : prediction.top)
    outputs[score.index] = static_cast<float>(score.probability);
}

template <class... Source>
void features_into(float* features, size_t count, const graft::Predictor& predictor,
                   const Source&... source) {
  require_room(features, "`features`", count, static_cast<size_t>(predictor.num_features()));
  const std::vector<float> values = predictor.features(source...);
  std::copy(values.begin(), values.end(), features);
}

}  // namespace

const char* graft_version(void) { return graft::version(); }

const char* graft_last_error(void) { return last_error.c_str(); }

int graft_model_load(const char* path, const char* device, int threads, graft_model** model) {
  return attempt([&] {
    required(model, "`model`") = nullptr;
    constexpr int max_threads = 4096;
    if (threads < 0 || threads > max_threads)
      throw UsageError("`threads`",
                       std::to_string(threads) + " is outside 0 to " + std::to_string(max_threads));
    if (required(path, "`path`") == '\0')
      throw UsageError("`path`", "is empty", "name a run folder or a model file");
    *model = new graft_model{graft::Predictor(path_of(path), device == nullptr ? "auto" : device, threads)};
  });
}

void graft_model_free(graft_model* model) { delete model; }

int graft_model_task(const graft_model* model) {
  return result_of([&]() -> int {
    switch (predictor_of(model).kind()) {
      case graft::LabelKind::multi:
        return GRAFT_TASK_MULTI;
      case graft::LabelKind::number:
        return GRAFT_TASK_NUMBER;
      default:
        return GRAFT_TASK_SINGLE;
    }
  });
}

size_t graft_model_num_outputs(const graft_model* model) {
  return result_of([&] { return predictor_of(model).classes().size(); });
}

const char* graft_model_output_name(const graft_model* model, size_t index) {
  return result_of([&] {
    const std::vector<std::string>& names = predictor_of(model).classes();
    if (index >= names.size())
      throw UsageError("`index`", std::to_string(index) + " is not below " + std::to_string(names.size()) +
                                      ", the number of outputs");
    return names[index].c_str();
  });
}

size_t graft_model_num_features(const graft_model* model) {
  return result_of([&] { return static_cast<size_t>(predictor_of(model).num_features()); });
}

int graft_model_input_size(const graft_model* model) {
  return result_of([&] { return predictor_of(model).input_size(); });
}

int graft_predict_file(const graft_model* model, const char* path, float* outputs, size_t count) {
  return attempt([&] { predict_into(outputs, count, predictor_of(model), path_of(path)); });
}

int graft_predict_encoded(const graft_model* model, const void* bytes, size_t size, float* outputs,
                          size_t count) {
  return attempt([&] { predict_into(outputs, count, predictor_of(model), encoded_of(bytes, size)); });
}

int graft_predict_pixels(const graft_model* model, const uint8_t* pixels, int height, int width,
                         size_t stride, int order, float* outputs, size_t count) {
  return attempt([&] {
    predict_into(outputs, count, predictor_of(model), view_of(pixels, height, width, stride),
                 order_of(order));
  });
}

int graft_features_file(const graft_model* model, const char* path, float* features, size_t count) {
  return attempt([&] { features_into(features, count, predictor_of(model), path_of(path)); });
}

int graft_features_encoded(const graft_model* model, const void* bytes, size_t size, float* features,
                           size_t count) {
  return attempt([&] { features_into(features, count, predictor_of(model), encoded_of(bytes, size)); });
}

int graft_features_pixels(const graft_model* model, const uint8_t* pixels, int height, int width,
                          size_t stride, int order, float* features, size_t count) {
  return attempt([&] {
    features_into(features, count, predictor_of(model), view_of(pixels, height, width, stride),
                  order_of(order));
  });
}
