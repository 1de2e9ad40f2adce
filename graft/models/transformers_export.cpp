#include "graft/models/transformers_export.h"

#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "graft/core/error.h"
#include "graft/models/load.h"
#include "graft/models/timm_export.h"

namespace graft {
namespace {

struct WrittenName {
  const char *from, *to;  // a regular expression for timm's name, and its replacement
};

// One class of transformers.
struct TransformersClass {
  const char* models;  // timm's names of the networks that compute the same
  const char* base;    // what precedes the names of the layers before the head
  std::vector<WrittenName> names;
  const char *head, *written_head;
};

const std::vector<TransformersClass>& transformers_classes() {
  const auto with_transformer = [](std::vector<WrittenName> names) {
    names.insert(names.end(), {{R"(^patch_embed\.proj\.)", "embeddings.patch_embeddings.projection."},
                               {R"(\.attn\.proj\.)", ".attention.output.dense."},
                               {R"(\.norm1\.)", ".layernorm_before."},
                               {R"(\.norm2\.)", ".layernorm_after."},
                               {R"(\.mlp\.fc1\.)", ".intermediate.dense."},
                               {R"(\.mlp\.fc2\.)", ".output.dense."},
                               {R"(^norm\.)", "layernorm."}});
    return names;
  };
  static const std::vector<WrittenName> vit =
      with_transformer({{R"(^cls_token$)", "embeddings.cls_token"},
                        {R"(^pos_embed$)", "embeddings.position_embeddings"},
                        {R"(^blocks\.(\d+)\.)", "encoder.layer.$1."},
                        {R"(\.attn\.(query|key|value)\.)", ".attention.attention.$1."}});
  static const std::vector<WrittenName> swin = with_transformer(
      {{R"(^patch_embed\.norm\.)", "embeddings.norm."},
       {R"(^layers\.1\.downsample\.)", "encoder.layers.0.downsample."},
       {R"(^layers\.2\.downsample\.)", "encoder.layers.1.downsample."},
       {R"(^layers\.3\.downsample\.)", "encoder.layers.2.downsample."},
       {R"(^layers\.)", "encoder.layers."},
       {R"(\.attn\.(query|key|value)\.)", ".attention.self.$1."},
       {R"(\.attn\.relative_position_bias_table$)", ".attention.self.relative_position_bias_table"}});
  static const std::vector<WrittenName> convnext = {
      {R"(^stem\.0\.)", "embeddings.patch_embeddings."},
      {R"(^stem\.1\.)", "embeddings.layernorm."},
      {R"(^stages\.(\d+)\.downsample\.)", "encoder.stages.$1.downsampling_layer."},
      {R"(^stages\.(\d+)\.blocks\.(\d+)\.)", "encoder.stages.$1.layers.$2."},
      {R"(\.conv_dw\.)", ".dwconv."},
      {R"((\.layers\.\d+)\.norm\.)", "$1.layernorm."},
      {R"(\.mlp\.fc1\.)", ".pwconv1."},
      {R"(\.mlp\.fc2\.)", ".pwconv2."},
      {R"(\.mlp\.grn\.)", ".grn."},
      {R"(\.gamma$)", ".layer_scale_parameter"},
      {R"(^head\.norm\.)", "layernorm."}};
  static const std::vector<WrittenName> resnet = {{R"(^conv1\.)", "embedder.embedder.convolution."},
                                                  {R"(^bn1\.)", "embedder.embedder.normalization."},
                                                  {R"(^layer1\.)", "encoder.stages.0.layers."},
                                                  {R"(^layer2\.)", "encoder.stages.1.layers."},
                                                  {R"(^layer3\.)", "encoder.stages.2.layers."},
                                                  {R"(^layer4\.)", "encoder.stages.3.layers."},
                                                  {R"(\.downsample\.0\.)", ".shortcut.convolution."},
                                                  {R"(\.downsample\.1\.)", ".shortcut.normalization."},
                                                  {R"(\.conv1\.)", ".layer.0.convolution."},
                                                  {R"(\.conv2\.)", ".layer.1.convolution."},
                                                  {R"(\.conv3\.)", ".layer.2.convolution."},
                                                  {R"(\.bn1\.)", ".layer.0.normalization."},
                                                  {R"(\.bn2\.)", ".layer.1.normalization."},
                                                  {R"(\.bn3\.)", ".layer.2.normalization."}};
  static const std::vector<TransformersClass> classes = {
      {R"(vit_(tiny|small|base|large)_patch(8|16|32)_\d+)", "vit.", vit, "head.", "classifier."},
      {R"(swin_(tiny|small|base|large)_patch4_window\d+_\d+)", "swin.", swin, "head.fc.", "classifier."},
      {R"(convnext_(tiny|small|base|large|xlarge))", "convnext.", convnext, "head.fc.", "classifier."},
      {R"(convnextv2_(atto|femto|pico|nano|tiny|base|large|huge))", "convnextv2.", convnext, "head.fc.",
       "classifier."},
      {R"(resnet(18|34|50|101|152))", "resnet.", resnet, "fc.", "classifier.1."}};
  return classes;
}

// Null if there is none.
const TransformersClass* class_of(const ModelSpec& spec) {
  const std::string* name = network_in_timm(spec);
  for (const TransformersClass& each : transformers_classes()) {
    if (name != nullptr && std::regex_match(*name, std::regex(each.models))) return &each;
  }
  return nullptr;
}

// Query, key and value, which timm joins, as three tensors. The views share the memory of the joined one.
void split_attention(StateDict& state) {
  std::vector<NamedTensor> tensors;
  for (const NamedTensor& each : state.tensors) {
    const std::size_t at = each.name.find(".attn.qkv.");
    if (at == std::string::npos) {
      tensors.push_back(each);
      continue;
    }
    const std::string before = each.name.substr(0, at), leaf = each.name.substr(each.name.rfind('.'));
    TensorView part = each.tensor;
    part.shape[0] /= 3;
    const std::size_t bytes = each.tensor.bytes.size() / 3;
    std::size_t start = 0;
    for (const char* name : {"query", "key", "value"}) {
      part.bytes = each.tensor.bytes.subspan(start, bytes);
      tensors.push_back({before + ".attn." + name + leaf, part});
      start += bytes;
    }
  }
  state.tensors = std::move(tensors);
}

}  // namespace

bool is_in_transformers(const ModelSpec& spec) { return class_of(spec) != nullptr; }

StateDict transformers_state(const Network& network, const ModelSpec& spec) {
  const TransformersClass* found = class_of(spec);
  if (found == nullptr) throw UsageError(spec.name, "transformers has no classifier that computes the same");
  const TransformersClass& kind = *found;
  StateDict state = timm_state(network, spec);
  split_attention(state);
  std::vector<std::pair<std::regex, const char*>> names;
  for (const WrittenName& each : kind.names) names.emplace_back(each.from, each.to);
  const std::string head = kind.head;
  for (NamedTensor& each : state.tensors) {
    if (each.name.starts_with(head)) {
      each.name = kind.written_head + each.name.substr(head.size());
      continue;
    }
    for (const auto& [from, to] : names) each.name = std::regex_replace(each.name, from, to);
    std::vector<std::int64_t>& shape = each.tensor.shape;
    if (each.name.find(".grn.") != std::string::npos) shape = {1, 1, 1, each.tensor.count()};
    // Linear layers where timm may have convolutions of 1 × 1.
    if (each.name.find(".pwconv") != std::string::npos && shape.size() == 4) shape.resize(2);
    each.name.insert(0, kind.base);
  }
  return state;
}

}  // namespace graft
