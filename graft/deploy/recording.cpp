#include "graft/deploy/recording.h"

#include <ATen/record_function.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "graft/core/error.h"
#include "graft/models/network.h"

namespace graft {
namespace {

using c10::IValue;

// One pass: as Recording, with numbers in place of extents.
struct Pass {
  struct Value {
    std::vector<std::int64_t> shape;
    torch::ScalarType dtype;
    bool is_constant;
    torch::Tensor constant;  // not defined if the pass does not keep constants
  };
  std::vector<Value> values;
  std::vector<Call> calls;
  ValueId logits = 0;
};

const char* not_recordable = "the network cannot be described by its operators";

using Weak = c10::weak_intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

// Observes the operators of one thread. libtorch logs exceptions of callbacks and continues: the first one is
// kept.
class Recorder {
 public:
  Recorder(const torch::Tensor& images, bool keeps_constants) : keeps_constants_(keeps_constants) {
    add(images, false, {});
  }

  void call(const at::RecordFunction& function, const std::vector<IValue>& inputs) {
    const auto schema = function.operator_schema();
    if (!schema || problem_) return;
    try {
      record(*schema, inputs, function.outputs());
    } catch (const std::exception& error) {
      problem_ = error.what();
    }
  }

  Pass finish(const torch::Tensor& logits) {
    if (problem_) throw Error(not_recordable, *problem_);
    pass_.logits = id_of(logits);
    return std::move(pass_);
  }

 private:
  void record(const c10::FunctionSchema& schema, const std::vector<IValue>& inputs,
              const std::vector<IValue>& outputs) {
    Call call{name_of(schema), {}, {}};
    for (const IValue& input : inputs) call.arguments.push_back(argument(input));
    const bool constant = std::none_of(call.arguments.begin(), call.arguments.end(),
                                       [&](const Argument& each) { return depends(each); });
    if (schema.is_mutable()) write(inputs.front().toTensor());
    for (const IValue& output : outputs) {
      if (output.isTensor()) {
        call.results.push_back(add_result(output.toTensor(), constant));
      } else if (output.isTensorList()) {
        for (const torch::Tensor& tensor : output.toTensorVector())
          call.results.push_back(add_result(tensor, constant));
      } else if (!constant) {
        throw Error(call.op, "reads a value of a tensor that depends on the images");
      }
    }
    pass_.calls.push_back(std::move(call));
  }

  static std::string name_of(const c10::FunctionSchema& schema) {
    std::string name = schema.name();
    if (name.starts_with("aten::")) name = name.substr(6);
    return schema.overload_name().empty() ? name : name + "." + schema.overload_name();
  }

  Argument argument(const IValue& value) {
    if (value.isTensor()) return value.toTensor().defined() ? Argument(id_of(value.toTensor())) : Argument();
    if (value.isTensorList() || value.isOptionalTensorList()) {
      std::vector<ValueId> ids;
      for (const IValue& each : value.toListRef()) ids.push_back(id_of(each.toTensor()));
      return ids;
    }
    if (value.isInt()) return Extents{{value.toInt()}};
    if (value.isBool()) return Extents{{value.toBool() ? 1 : 0}};
    if (value.isDouble()) return value.toDouble();
    if (value.isString()) return value.toStringRef();
    if (value.isDoubleList()) return value.toDoubleVector();
    if (value.isIntList() || value.isBoolList() || value.isSymIntList()) {
      Extents numbers;
      for (const IValue& each : value.toListRef())
        numbers.push_back({each.isBool() ? static_cast<std::int64_t>(each.toBool()) : each.toInt()});
      return numbers;
    }
    return {};  // a device, a generator: of no effect on the values
  }

  bool depends(const Argument& argument) const {
    const auto is_variable = [&](ValueId id) { return !pass_.values[id].is_constant; };
    if (const auto* id = std::get_if<ValueId>(&argument)) return is_variable(*id);
    const auto* ids = std::get_if<std::vector<ValueId>>(&argument);
    return ids && std::any_of(ids->begin(), ids->end(), is_variable);
  }

  // A tensor that no recorded operator made is a parameter or a buffer.
  ValueId id_of(const torch::Tensor& tensor) {
    const auto found = ids_.find(tensor.unsafeGetTensorImpl());
    if (found == ids_.end()) {
      parameters_.insert(tensor.storage().unsafeGetStorageImpl());
      return add(tensor, true, tensor.detach());
    }
    if (found->second.stale)
      throw Error("a tensor", "is used after an operator has written into a view of it");
    return found->second.id;
  }

  // The other tensors of the same memory are not valid afterwards.
  void write(const torch::Tensor& tensor) {
    for (auto& [impl, known] : ids_) {
      if (impl != tensor.unsafeGetTensorImpl() && known.storage == tensor.storage().unsafeGetStorageImpl())
        known.stale = true;
    }
  }

  // Of a constant a copy, because a later operator may write into it; of a view of a parameter the view,
  // which the graph names after the parameter.
  ValueId add_result(const torch::Tensor& tensor, bool constant) {
    if (!constant || !keeps_constants_) return add(tensor, constant, torch::Tensor());
    const bool is_view = parameters_.contains(tensor.storage().unsafeGetStorageImpl());
    return add(tensor, constant, is_view ? tensor.detach() : tensor.detach().clone());
  }

  ValueId add(const torch::Tensor& tensor, bool is_constant, const torch::Tensor& constant) {
    const ValueId id = pass_.values.size();
    pass_.values.push_back({tensor.sizes().vec(), tensor.scalar_type(), is_constant, constant});
    Known& known = ids_[tensor.unsafeGetTensorImpl()];
    // The weak pointer keeps the address from being used again, without the memory of the values.
    known = {id, tensor.storage().unsafeGetStorageImpl(), false, Weak(tensor.getIntrusivePtr())};
    return id;
  }

  struct Known {
    ValueId id = 0;
    const void* storage = nullptr;
    bool stale = false;
    Weak keeps_address{c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>()};
  };
  bool keeps_constants_;
  Pass pass_;
  std::map<const void*, Known> ids_;
  std::set<const void*> parameters_;  // the storages of parameters and buffers
  std::optional<std::string> problem_;
};

thread_local Recorder* recorder = nullptr;  // of the pass in progress
thread_local int depth = 0;                 // of calls within operators

struct CallInputs : at::ObserverContext {
  std::vector<IValue> values;
};

std::unique_ptr<at::ObserverContext> begin_call(const at::RecordFunction& function) {
  auto inputs = std::make_unique<CallInputs>();
  if (depth++ == 0) inputs->values.assign(function.inputs().begin(), function.inputs().end());
  return inputs;
}

void end_call(const at::RecordFunction& function, at::ObserverContext* inputs) {
  if (depth == 1 && recorder) recorder->call(function, static_cast<CallInputs*>(inputs)->values);
  --depth;  // after the recorder's own operators
}

Pass run(Network& network, const torch::Tensor& images, bool keeps_constants) {
  const torch::NoGradGuard no_gradients;
  Recorder observing(images, keeps_constants);
  const auto handle = at::addThreadLocalCallback(at::RecordFunctionCallback(begin_call, end_call)
                                                     .needsInputs(true)
                                                     .needsOutputs(true)
                                                     .scopes({at::RecordScope::FUNCTION}));
  recorder = &observing;
  const auto stop = [&] {
    recorder = nullptr;
    at::removeCallback(handle);
  };
  try {
    const torch::Tensor logits = network.forward(images);
    stop();
    return observing.finish(logits);
  } catch (...) {
    stop();
    throw;
  }
}

// The number in a pass with two images and in one with three.
Extent extent_of(std::int64_t two, std::int64_t three) {
  if (two == three) return {two, 0};
  if (3 * two != 2 * three)
    throw Error(not_recordable, "a size depends on the number of images, but not in proportion to it");
  return {0, two / 2};
}

Extents extents_of(const std::vector<std::int64_t>& two, const std::vector<std::int64_t>& three) {
  if (two.size() != three.size()) throw Error(not_recordable, "it has other dimensions for more images");
  Extents extents;
  for (std::size_t i = 0; i < two.size(); ++i) extents.push_back(extent_of(two[i], three[i]));
  return extents;
}

Argument merged(const Argument& two, const Argument& three) {
  const auto* a = std::get_if<Extents>(&two);
  const auto* b = std::get_if<Extents>(&three);
  if (!a || !b) {
    if (two != three) throw Error(not_recordable, "an argument depends on the number of images");
    return two;
  }
  const auto numbers = [](const Extents& extents) {
    std::vector<std::int64_t> fixed;
    for (const Extent& extent : extents) fixed.push_back(extent.fixed);
    return fixed;
  };
  return extents_of(numbers(*a), numbers(*b));
}

bool is_per_image(const Extents& extents) {
  return std::any_of(extents.begin(), extents.end(), [](const Extent& extent) { return extent.each != 0; });
}

Recording merge(const Pass& two, const Pass& three) {
  const bool same_values = two.values.size() == three.values.size() && two.logits == three.logits;
  if (!same_values || two.calls.size() != three.calls.size())
    throw Error(not_recordable, "it calls other operators for more images");
  Recording recording;
  recording.logits = two.logits;
  for (std::size_t i = 0; i < two.values.size(); ++i) {
    const Pass::Value &a = two.values[i], &b = three.values[i];
    recording.values.push_back({extents_of(a.shape, b.shape), a.dtype, a.constant});
    // A constant of the size of the images, such as an expanded class token, is computed in the graph.
    if (is_per_image(recording.values.back().shape)) recording.values.back().constant = torch::Tensor();
  }
  for (std::size_t i = 0; i < two.calls.size(); ++i) {
    const Call &a = two.calls[i], &b = three.calls[i];
    if (a.op != b.op || a.arguments.size() != b.arguments.size() || a.results != b.results)
      throw Error(not_recordable, "it calls other operators for more images");
    Call call{a.op, {}, a.results};
    for (std::size_t k = 0; k < a.arguments.size(); ++k)
      call.arguments.push_back(merged(a.arguments[k], b.arguments[k]));
    const bool is_constant = std::all_of(call.results.begin(), call.results.end(),
                                         [&](ValueId id) { return recording.values[id].constant.defined(); });
    if (!is_constant) recording.calls.push_back(std::move(call));
  }
  return recording;
}

}  // namespace

Recording record_forward(Network& network, int size) {
  const Pass three = run(network, trial_images(3, size), /*keeps_constants=*/false);
  return merge(run(network, trial_images(2, size), /*keeps_constants=*/true), three);
}

torch::Tensor trial_images(std::int64_t count, int size) {
  const torch::Tensor order = torch::arange(count * 3 * size * size, torch::kFloat64);
  return (order * 0.6180339887498949).frac().sub(0.5).mul(4).to(torch::kFloat32).view({count, 3, size, size});
}

}  // namespace graft
