// Parts that vision transformers share: attention, multi-layer perceptrons, windows, patches and position
// embeddings. Their weights are uninitialised, as those of layers.h. Tokens are …×T×C.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "graft/device/torch.h"
#include "graft/models/layers.h"
#include "graft/models/network.h"
#include "graft/models/registry.h"
#include "graft/weights/state_dict.h"

namespace graft {

// A convolution over patches of side × side pixels that do not overlap: the patch embedding. Pixels beyond
// the last whole patch are ignored.
Conv patch_conv(std::int64_t in, std::int64_t out, std::int64_t side, bool bias = true);

// The side of the square images for which a network with patches of patch × patch pixels is built:
// options.input_size, or `standard` for 0. Throws UsageError unless it is `standard` or the patches divide
// it.
std::int64_t side_for_patches(const NetworkOptions& options, std::int64_t standard, std::int64_t patch);
// For forward_features(): throws UsageError unless the images have side × side pixels. network: its name.
void check_side(const std::string& network, const torch::Tensor& images, std::int64_t side);

// N×C×H×W → N×(H·W)×C, row by row.
torch::Tensor tokens_of(const torch::Tensor& maps);

// Puts tokens that all images have, 1×T×C, before those of each image, N×T×C. Undefined ones are left out.
torch::Tensor with_prefix(const std::vector<torch::Tensor>& prefix, const torch::Tensor& tokens);

// The module's own parameters, not those of its layers: of a vision transformer the tokens and the position
// embeddings.
std::set<std::string> own_parameters(const torch::nn::Module& module);

struct AttentionOptions {
  std::int64_t dim = 0, heads = 1;   // values per token; dim is a multiple of heads
  std::optional<double> scale = {};  // of the products; else 1 / √(dim / heads)
  bool qkv_bias = true;
  // Layer norm of the queries and keys of each head, before their product: "q_norm" and "k_norm".
  bool qk_norm = false;
  double norm_eps = 1e-6;
  // The layers' names: timm's. One layer computes queries, keys and values.
  std::string qkv = "qkv", project = "proj";
  // The parameters of `qkv` belong to the attention itself: "in_proj_weight" and "in_proj_bias" for
  // "in_proj", as in torch.nn.MultiheadAttention.
  bool own_qkv = false;
};

// Multi-head self-attention (Vaswani et al., arXiv:1706.03762): in each head softmax(q·kᵀ·scale + bias)·v,
// then a linear layer over all heads.
class AttentionImpl : public torch::nn::Module, public FoldableLayer {
 public:
  explicit AttentionImpl(const AttentionOptions& options);
  // tokens: N×T×dim. bias: undefined, or of a shape that expands to N×heads×T×T.
  torch::Tensor forward(const torch::Tensor& tokens, const torch::Tensor& bias = {});

  // Of qkv(), which is no module of its own with AttentionOptions::own_qkv.
  void fold(torch::ScalarType dtype, std::int64_t images) override { qkv_->fold(dtype, images); }
  void end_trial() override { qkv_->end_trial(); }

  const Dense& qkv() const { return qkv_; }  // dim → 3·dim: queries, keys, values, each head by head
  const Dense& project() const { return project_; }

 protected:
  struct Heads {
    torch::Tensor queries, keys, values;  // N×heads×T×(dim / heads)
  };
  // The heads of N×T×(3·dim), the output of qkv().
  Heads split(const torch::Tensor& qkv) const;
  virtual Heads heads_of(const torch::Tensor& tokens);

 private:
  std::int64_t heads_;
  std::optional<double> scale_;
  Dense qkv_{nullptr}, project_{nullptr};
  torch::nn::LayerNorm q_norm_{nullptr}, k_norm_{nullptr};
};
TORCH_MODULE(Attention);

struct WindowOptions {
  std::int64_t side = 7;  // tokens
  // Undefined: the biases are the parameter "relative_position_bias_table". Else the buffer
  // "relative_coords_table", from which a subclass computes them (offset_biases).
  torch::Tensor coordinates = {};
  bool computed = false;  // a subclass computes the biases without either
  // The buffer "relative_position_index" of torchvision's state dicts: side⁴, side²×side², or none. It is not
  // read.
  enum class Index { flat, square, none } index = Index::flat;
};

// Attention within windows of side × side tokens, with a bias for each head and each offset between two
// tokens (relative positions; Liu et al., arXiv:2103.14030).
class WindowAttentionImpl : public AttentionImpl {
 public:
  WindowAttentionImpl(const AttentionOptions& options, const WindowOptions& window);
  // windows: M×side²×dim, in row order. mask: undefined, or W×side²×side², which is added for every W-th
  // window; M is a multiple of W.
  torch::Tensor forward(const torch::Tensor& windows, const torch::Tensor& mask = {});

 protected:
  // As biases_of_pairs() takes them.
  virtual torch::Tensor offset_biases() { return table_; }
  const torch::Tensor& coordinates() const { return table_; }

 private:
  std::int64_t side_;
  torch::Tensor table_;  // the parameter or the buffer; undefined with WindowOptions::computed
};
TORCH_MODULE(WindowAttention);

// biases: (2·side − 1)²×heads, for the row and column offsets of two tokens from 1 − side to side − 1.
// Returns 1×heads×side²×side²: for each pair of tokens of a window of side × side, the bias of the first
// one's offset from the second.
torch::Tensor biases_of_pairs(const torch::Tensor& biases, std::int64_t side);

// N×H×W×C → (N·H/rows·W/columns)×(rows·columns)×C: windows of rows × columns tokens, in row order.
torch::Tensor to_windows(const torch::Tensor& x, std::int64_t rows, std::int64_t columns);
// The inverse: N×height×width×C.
torch::Tensor from_windows(const torch::Tensor& windows, std::int64_t rows, std::int64_t columns,
                           std::int64_t height, std::int64_t width);

struct MlpOptions {
  std::int64_t dim = 0, hidden = 0;  // of the tokens, and outputs of the first layer
  Activation activation = Activation::gelu;
  // The activation of the first half of the hidden values times the second half: with silu SwiGLU (Shazeer,
  // arXiv:2002.05202).
  bool gated = false;
  std::string first = "fc1", second = "fc2";  // the layers' names: timm's
};

// Two linear layers with an activation between them.
class MlpImpl : public torch::nn::Module {
 public:
  explicit MlpImpl(const MlpOptions& options);
  torch::Tensor forward(const torch::Tensor& tokens);

 private:
  Activation activation_;
  bool gated_;
  Dense first_{nullptr}, second_{nullptr};
};
TORCH_MODULE(Mlp);

// Multiplies each channel of the last dimension by a parameter, "gamma" (Touvron et al., arXiv:2103.17239).
class LayerScaleImpl : public torch::nn::Module {
 public:
  explicit LayerScaleImpl(std::int64_t dim) : gamma(register_parameter("gamma", torch::empty({dim}))) {}
  torch::Tensor forward(const torch::Tensor& x) { return x * gamma; }

  torch::Tensor gamma;  // dim
};
TORCH_MODULE(LayerScale);

// Position embeddings for another grid, bicubic. corners: the corners of both grids are the same points
// (torchvision's interpolate_embeddings). antialiased: their borders are, and a smaller grid averages
// (timm's resample_abs_pos_embed).
enum class PositionResize { corners, antialiased };

// positions: 1×(prefix_tokens + side²)×dim. Returns 1×(prefix_tokens + rows·columns)×dim, float32; those of
// the prefix tokens do not change.
torch::Tensor resize_positions(const torch::Tensor& positions, std::int64_t prefix_tokens, std::int64_t rows,
                               std::int64_t columns, PositionResize how);

// For ModelSpec::adapt: resizes the position embeddings `name` of a file to the network's, if both are for
// square grids of another size, and adds a note.
void adapt_positions(StateDict& state, const Network& network, const std::string& name,
                     std::int64_t prefix_tokens, PositionResize how, std::vector<std::string>& notes);

// biases: as biases_of_pairs() takes them, for windows of another side; the rows after them are not for
// offsets and do not change. Between the offsets of a file they are linear, where the file's offsets stand
// for distances in geometric progression, denser near zero (timm's resize_rel_pos_bias_table). float32.
torch::Tensor resize_biases(const torch::Tensor& biases, std::int64_t other_rows, std::int64_t side);

// For ModelSpec::adapt: resizes the tables "relative_position_bias_table" of a file to the network's, if both
// are for square windows of another size with `other_rows` more rows, and adds a note.
void adapt_biases(StateDict& state, const Network& network, std::int64_t other_rows,
                  std::vector<std::string>& notes);

}  // namespace graft
