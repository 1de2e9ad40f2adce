#include <cstring>
#include <functional>
#include <optional>
#include <regex>
#include <utility>
#include <vector>

#include "graft/models/load.h"
#include "graft/models/transformers_config.h"

namespace graft {
namespace {

struct NameRule {
  const char *from, *to;  // a regular expression, and its replacement
};

// The layers of one kind of network, without the prefix of its base model ("vit.").
struct TransformersKind {
  const char* anchor;  // a tensor that only this kind has
  std::vector<NameRule> rules;
  const char* head;     // timm's name of `classifier`
  const char* dropped;  // tensors without a counterpart
};

const std::vector<TransformersKind>& transformers_kinds() {
  // Version 5 of transformers has shorter names of attention and perceptron than its files.
  static const std::vector<NameRule> blocks = {
      {R"(\.attention\.(attention|self)\.(query|key|value)\.)", ".attn.$2."},
      {R"(\.attention\.q_proj\.)", ".attn.query."},
      {R"(\.attention\.k_proj\.)", ".attn.key."},
      {R"(\.attention\.v_proj\.)", ".attn.value."},
      {R"(\.attention\.(output\.dense|o_proj)\.)", ".attn.proj."},
      {R"(\.attention\.(self|relative_position_bias)\.relative_position_bias_table$)",
       ".attn.relative_position_bias_table"},
      {R"(\.intermediate\.dense\.)", ".mlp.fc1."},
      {R"(\.output\.dense\.)", ".mlp.fc2."},
      {R"(\.layernorm_before\.)", ".norm1."},
      {R"(\.layernorm_after\.)", ".norm2."},
      {R"(\.layer_scale(\d)\.lambda1$)", ".ls$1.gamma"},
      {R"(^layernorm\.)", "norm."}};
  const auto with_blocks = [](std::vector<NameRule> rules) {
    rules.insert(rules.end(), blocks.begin(), blocks.end());
    return rules;
  };
  static const std::vector<TransformersKind> kinds = {
      {"embeddings.position_embeddings",
       with_blocks({{R"(^embeddings\.cls_token$)", "cls_token"},
                    {R"(^embeddings\.position_embeddings$)", "pos_embed"},
                    {R"(^embeddings\.register_tokens$)", "reg_token"},
                    {R"(^embeddings\.patch_embeddings\.projection\.)", "patch_embed.proj."},
                    {R"(^(encoder\.layer|layers)\.(\d+)\.)", "blocks.$2."}}),
       "head", R"(^(embeddings\.mask_token$|pooler\.))"},
      {"embeddings.norm.weight",
       with_blocks({{R"(^embeddings\.patch_embeddings\.projection\.)", "patch_embed.proj."},
                    {R"(^embeddings\.norm\.)", "patch_embed.norm."},
                    {R"(^encoder\.layers\.0\.downsample\.)", "layers.1.downsample."},
                    {R"(^encoder\.layers\.1\.downsample\.)", "layers.2.downsample."},
                    {R"(^encoder\.layers\.2\.downsample\.)", "layers.3.downsample."},
                    {R"(^encoder\.)", ""}}),
       "head.fc", R"(relative_position_index$)"},
      {"embeddings.patch_embeddings.weight",
       {{R"(^embeddings\.patch_embeddings\.)", "stem.0."},
        {R"(^embeddings\.layernorm\.)", "stem.1."},
        {R"(^encoder\.stages\.(\d+)\.downsampling_layer\.)", "stages.$1.downsample."},
        {R"(^encoder\.stages\.(\d+)\.layers\.(\d+)\.)", "stages.$1.blocks.$2."},
        {R"(\.dwconv\.)", ".conv_dw."},
        {R"(\.layernorm\.)", ".norm."},
        {R"(\.pwconv1\.)", ".mlp.fc1."},
        {R"(\.pwconv2\.)", ".mlp.fc2."},
        {R"(\.grn\.)", ".mlp.grn."},
        {R"(\.layer_scale_parameter$)", ".gamma"},
        {R"(^layernorm\.)", "head.norm."}},
       "head.fc",
       "^$"},
      {"embedder.embedder.convolution.weight",
       {{R"(^embedder\.embedder\.convolution\.)", "conv1."},
        {R"(^embedder\.embedder\.normalization\.)", "bn1."},
        {R"(^encoder\.stages\.0\.layers\.)", "layer1."},
        {R"(^encoder\.stages\.1\.layers\.)", "layer2."},
        {R"(^encoder\.stages\.2\.layers\.)", "layer3."},
        {R"(^encoder\.stages\.3\.layers\.)", "layer4."},
        {R"(\.shortcut\.convolution\.)", ".downsample.0."},
        {R"(\.shortcut\.normalization\.)", ".downsample.1."},
        {R"(\.layer\.0\.convolution\.)", ".conv1."},
        {R"(\.layer\.1\.convolution\.)", ".conv2."},
        {R"(\.layer\.2\.convolution\.)", ".conv3."},
        {R"(\.layer\.0\.normalization\.)", ".bn1."},
        {R"(\.layer\.1\.normalization\.)", ".bn2."},
        {R"(\.layer\.2\.normalization\.)", ".bn3."}},
       "fc",
       "^$"}};
  return kinds;
}

// The kind of the tensors' network, and what precedes its names ("vit.", or nothing).
std::optional<std::pair<const TransformersKind*, std::string>> transformers_kind_of(const StateDict& state) {
  for (const TransformersKind& kind : transformers_kinds()) {
    const std::string anchor = kind.anchor;
    for (const NamedTensor& each : state.tensors) {
      if (each.name == anchor) return std::pair(&kind, std::string());
      if (each.name.ends_with('.' + anchor))
        return std::pair(&kind, each.name.substr(0, each.name.size() - anchor.size()));
    }
  }
  return std::nullopt;
}

// Query, key and value below each other, as one tensor in the place of the query.
void join_attention(StateDict& state) {
  std::vector<NamedTensor> tensors;
  for (NamedTensor& each : state.tensors) {
    const std::size_t at = each.name.find(".attn.query.");
    if (each.name.find(".attn.key.") != std::string::npos ||
        each.name.find(".attn.value.") != std::string::npos)
      continue;  // joined with their query
    if (at == std::string::npos) {
      tensors.push_back(each);
      continue;
    }
    const std::string before = each.name.substr(0, at),
                      leaf = each.name.substr(at + std::strlen(".attn.query."));
    const TensorView* key = state.find(before + ".attn.key." + leaf);
    const TensorView* value = state.find(before + ".attn.value." + leaf);
    // A damaged file is refused by its names.
    if (key == nullptr || value == nullptr || each.tensor.shape.empty() || key->shape != each.tensor.shape ||
        value->shape != each.tensor.shape || key->dtype != each.tensor.dtype ||
        value->dtype != each.tensor.dtype) {
      tensors.push_back(each);
      continue;
    }
    auto bytes = std::make_shared<std::vector<std::uint8_t>>();
    for (const TensorView* part : {&std::as_const(each.tensor), key, value})
      bytes->insert(bytes->end(), part->bytes.begin(), part->bytes.end());
    TensorView joined{each.tensor.dtype, each.tensor.shape, *bytes};
    joined.shape[0] *= 3;
    tensors.push_back({before + ".attn.qkv." + leaf, joined});
    state.owners.push_back(bytes);
  }
  state.tensors = std::move(tensors);
}

// timm adds the position of the class token to the token where there are registers, which have none.
void fold_class_position(StateDict& state) {
  NamedTensor *token = nullptr, *positions = nullptr;
  for (NamedTensor& each : state.tensors) {
    if (each.name == "cls_token") token = &each;
    if (each.name == "pos_embed") positions = &each;
  }
  if (state.find("reg_token") == nullptr || token == nullptr || positions == nullptr ||
      positions->tensor.shape.size() != 3 || positions->tensor.shape[1] < 2 ||
      token->tensor.shape != std::vector<std::int64_t>{1, 1, positions->tensor.shape[2]})
    return;
  const torch::Tensor all = to_tensor(positions->tensor);
  token->tensor = keep_tensor(state, to_tensor(token->tensor) + all.slice(1, 0, 1));
  positions->tensor = keep_tensor(state, all.slice(1, 1));
}

}  // namespace

void rename_transformers_tensors(StateDict& state) {
  const auto found = transformers_kind_of(state);
  if (!found) return;
  const auto& [kind, prefix] = *found;
  const std::regex dropped(kind->dropped);
  std::vector<std::pair<std::regex, const char*>> rules;
  for (const NameRule& rule : kind->rules) rules.emplace_back(rule.from, rule.to);
  static const std::regex head(R"(^classifier\.(1\.)?)");
  // What precedes the head: nothing, or a prefix of all names ("module.").
  const std::string outer = prefix.empty() ? "" : prefix.substr(0, prefix.rfind('.', prefix.size() - 2) + 1);
  std::vector<NamedTensor> tensors;
  for (NamedTensor& each : state.tensors) {
    std::string name = each.name;
    if (name.starts_with(prefix))
      name.erase(0, prefix.size());
    else if (name.starts_with(outer))
      name.erase(0, outer.size());
    name = std::regex_replace(name, head, std::string(kind->head) + '.');
    if (std::regex_search(name, dropped)) continue;
    for (const auto& [from, to] : rules) name = std::regex_replace(name, from, to);
    each.name = name;
    if (name.find(".mlp.grn.") != std::string::npos) each.tensor.shape = {each.tensor.count()};
    tensors.push_back(each);
  }
  state.tensors = std::move(tensors);
  join_attention(state);
  fold_class_position(state);
}

}  // namespace graft
