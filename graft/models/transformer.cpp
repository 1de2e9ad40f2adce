#include "graft/models/transformer.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "graft/core/error.h"
#include "graft/models/load.h"

namespace graft {
namespace {

// For each pair of tokens of a window the row in a table of the (2·side − 1)² offsets, as torchvision stores
// it.
torch::Tensor offset_index(std::int64_t side) {
  const torch::Tensor place = torch::arange(side * side, torch::kInt64);
  const torch::Tensor row = place.div(side, "floor"), column = place.remainder(side);
  const auto offset = [&](const torch::Tensor& of) { return of.unsqueeze(1) - of.unsqueeze(0) + side - 1; };
  return (offset(row) * (2 * side - 1) + offset(column));
}

// 0 unless the number is a square.
std::int64_t square_root(std::int64_t number) {
  const std::int64_t root = std::llround(std::sqrt(static_cast<double>(std::max<std::int64_t>(number, 0))));
  return root * root == number ? root : 0;
}

// Where the offsets 0 to count − 1 of a table lie, in tokens, if its last one is to lie at the distance
// `last`: each step is a constant times the one before.
std::vector<double> geometric_distances(std::int64_t count, std::int64_t last) {
  double least = 1.01, greatest = 1.5, ratio = 0;
  while (greatest - least > 1e-6) {
    ratio = (least + greatest) / 2;
    const double reached = (1 - std::pow(ratio, static_cast<double>(count - 1))) / (1 - ratio);
    (reached > static_cast<double>(last) ? greatest : least) = ratio;
  }
  std::vector<double> distances = {0};
  double step = 1;
  for (std::int64_t i = 1; i < count; ++i, step *= ratio) distances.push_back(distances.back() + step);
  return distances;
}

// to × from: the weights of linear interpolation from the 2·from − 1 offsets of windows of `from` tokens to
// those of `to` tokens. Beyond the last distance it is constant.
torch::Tensor interpolation_of_offsets(std::int64_t from, std::int64_t to) {
  const std::vector<double> distances = geometric_distances(from, to - 1);
  torch::Tensor weights = torch::zeros({2 * to - 1, 2 * from - 1});
  for (std::int64_t target = 0; target < to; ++target) {
    const auto at = static_cast<double>(target);
    std::int64_t right = 0;
    while (right + 1 < from && distances[static_cast<std::size_t>(right)] < at) ++right;
    const double end = distances[static_cast<std::size_t>(right)];
    const std::int64_t left = std::max<std::int64_t>(right - 1, 0);
    const double begin = distances[static_cast<std::size_t>(left)];
    const double share = right == left || at >= end ? 1 : (at - begin) / (end - begin);
    for (const std::int64_t sign : {-1, 1}) {
      const std::int64_t row = to - 1 + sign * target;
      weights.index_put_({row, from - 1 + sign * left}, 1 - share);
      weights.index_put_({row, from - 1 + sign * right}, share);
    }
  }
  return weights;
}

std::string size_of_square(std::int64_t side) { return std::to_string(side) + " × " + std::to_string(side); }

bool is_named(const std::string& tensor, const std::string& name) {
  return tensor == name || tensor.ends_with("." + name);
}

}  // namespace

Conv patch_conv(std::int64_t in, std::int64_t out, std::int64_t side, bool bias) {
  return Conv(ConvOptions{.in = in, .out = out, .kernel = side, .stride = side, .bias = bias, .padding = 0});
}

std::int64_t side_for_patches(const NetworkOptions& options, std::int64_t standard, std::int64_t patch) {
  const std::int64_t side = options.input_size == 0 ? standard : options.input_size;
  // A model's own size may leave a border, which its patches ignore (SigLIP's 384 with patches of 14).
  if (side != standard && (side < patch || side % patch != 0))
    throw UsageError(
        "`input_size`",
        std::to_string(side) + " is not a multiple of " + std::to_string(patch) + ", the pixels of a patch",
        "use " + std::to_string((side / patch + 1) * patch));
  return side;
}

void check_side(const std::string& network, const torch::Tensor& images, std::int64_t side) {
  const std::int64_t height = images.size(2), width = images.size(3);
  if (height == side && width == side) return;
  throw UsageError(network,
                   "is built for images of " + std::to_string(side) + " × " + std::to_string(side) +
                       " pixels, not " + std::to_string(height) + " × " + std::to_string(width),
                   "resize them, or build the network for their size (`input_size`)");
}

torch::Tensor with_prefix(const std::vector<torch::Tensor>& prefix, const torch::Tensor& tokens) {
  std::vector<torch::Tensor> parts;
  for (const torch::Tensor& each : prefix) {
    if (each.defined()) parts.push_back(each.expand({tokens.size(0), -1, -1}));
  }
  parts.push_back(tokens);
  return torch::cat(parts, 1);
}

std::set<std::string> own_parameters(const torch::nn::Module& module) {
  std::set<std::string> names;
  for (const auto& item : module.named_parameters(/*recurse=*/false)) names.insert(item.key());
  return names;
}

torch::Tensor tokens_of(const torch::Tensor& maps) { return maps.flatten(2).transpose(1, 2); }

AttentionImpl::AttentionImpl(const AttentionOptions& options)
    : heads_(options.heads), scale_(options.scale), qkv_(options.dim, 3 * options.dim, options.qkv_bias) {
  if (!options.own_qkv) {
    register_module(options.qkv, qkv_);
  } else {
    register_parameter(options.qkv + "_weight", qkv_->weight);
    if (options.qkv_bias) register_parameter(options.qkv + "_bias", qkv_->bias);
  }
  if (options.qk_norm) {
    q_norm_ = register_module("q_norm", layer_norm(options.dim / options.heads, options.norm_eps));
    k_norm_ = register_module("k_norm", layer_norm(options.dim / options.heads, options.norm_eps));
  }
  project_ = register_module(options.project, Dense(options.dim, options.dim));
}

AttentionImpl::Heads AttentionImpl::split(const torch::Tensor& qkv) const {
  const std::int64_t width = qkv.size(2) / 3 / heads_;
  const torch::Tensor parts = qkv.view({qkv.size(0), qkv.size(1), 3, heads_, width}).permute({2, 0, 3, 1, 4});
  return {parts[0], parts[1], parts[2]};
}

AttentionImpl::Heads AttentionImpl::heads_of(const torch::Tensor& tokens) {
  Heads heads = split(qkv_(tokens));
  if (q_norm_) heads = {q_norm_(heads.queries), k_norm_(heads.keys), heads.values};
  return heads;
}

torch::Tensor AttentionImpl::forward(const torch::Tensor& tokens, const torch::Tensor& bias) {
  const Heads heads = heads_of(tokens);
  const torch::Tensor mixed = torch::scaled_dot_product_attention(
      heads.queries, heads.keys, heads.values,
      bias.defined() ? std::optional<torch::Tensor>(bias) : std::nullopt, /*dropout_p=*/0,
      /*is_causal=*/false, scale_);
  return project_(mixed.transpose(1, 2).flatten(2));
}

torch::Tensor biases_of_pairs(const torch::Tensor& biases, std::int64_t side) {
  const std::int64_t offsets = 2 * side - 1, heads = biases.size(1);
  // Rows and columns of the first token, heads, rows and columns of the second; the offset is that of the
  // first from the second.
  const torch::Tensor pairs = biases.reshape({offsets, offsets, heads})
                                  .flip({0, 1})
                                  .unfold(0, side, 1)
                                  .unfold(1, side, 1)
                                  .flip({0, 1});
  return pairs.permute({2, 0, 1, 3, 4}).reshape({1, heads, side * side, side * side});
}

WindowAttentionImpl::WindowAttentionImpl(const AttentionOptions& options, const WindowOptions& window)
    : AttentionImpl(options), side_(window.side) {
  const std::int64_t offsets = (2 * window.side - 1) * (2 * window.side - 1);
  if (window.coordinates.defined())
    table_ = register_buffer("relative_coords_table", window.coordinates);
  else if (!window.computed)
    table_ = register_parameter("relative_position_bias_table", torch::empty({offsets, options.heads}));
  if (window.index == WindowOptions::Index::none) return;
  const torch::Tensor index = offset_index(window.side);
  register_buffer("relative_position_index",
                  window.index == WindowOptions::Index::square ? index : index.flatten());
}

torch::Tensor WindowAttentionImpl::forward(const torch::Tensor& windows, const torch::Tensor& mask) {
  torch::Tensor bias = biases_of_pairs(offset_biases(), side_);
  if (mask.defined()) bias = (bias + mask.unsqueeze(1)).repeat({windows.size(0) / mask.size(0), 1, 1, 1});
  return AttentionImpl::forward(windows, bias.contiguous());
}

torch::Tensor to_windows(const torch::Tensor& x, std::int64_t rows, std::int64_t columns) {
  const std::int64_t n = x.size(0), down = x.size(1) / rows, across = x.size(2) / columns, c = x.size(3);
  return x.reshape({n, down, rows, across, columns, c})
      .transpose(2, 3)
      .reshape({n * down * across, rows * columns, c});
}

torch::Tensor from_windows(const torch::Tensor& windows, std::int64_t rows, std::int64_t columns,
                           std::int64_t height, std::int64_t width) {
  const std::int64_t c = windows.size(2);
  return windows.reshape({-1, height / rows, width / columns, rows, columns, c})
      .transpose(2, 3)
      .reshape({-1, height, width, c});
}

MlpImpl::MlpImpl(const MlpOptions& options) : activation_(options.activation), gated_(options.gated) {
  first_ = register_module(options.first, Dense(options.dim, options.hidden));
  second_ = register_module(options.second,
                            Dense(options.gated ? options.hidden / 2 : options.hidden, options.dim));
}

torch::Tensor MlpImpl::forward(const torch::Tensor& tokens) {
  if (!gated_) return second_(first_(tokens, activation_));
  const auto halves = first_(tokens).chunk(2, -1);
  return second_(activate(halves[0], activation_) * halves[1]);
}

torch::Tensor resize_positions(const torch::Tensor& positions, std::int64_t prefix_tokens, std::int64_t rows,
                               std::int64_t columns, PositionResize how) {
  const torch::Tensor values = positions.to(torch::kFloat32);
  const std::int64_t places = values.size(1) - prefix_tokens, side = square_root(places);
  const torch::Tensor grid =
      values.narrow(1, prefix_tokens, places).transpose(1, 2).reshape({1, -1, side, side});
  const std::vector<std::int64_t> size = {rows, columns};
  const torch::Tensor resized = how == PositionResize::corners
                                    ? torch::upsample_bicubic2d(grid, size, /*align_corners=*/true)
                                    : torch::_upsample_bicubic2d_aa(grid, size, /*align_corners=*/false);
  return torch::cat({values.narrow(1, 0, prefix_tokens), tokens_of(resized)}, 1);
}

void adapt_positions(StateDict& state, const Network& network, const std::string& name,
                     std::int64_t prefix_tokens, PositionResize how, std::vector<std::string>& notes) {
  const auto parameters = network.named_parameters();
  const torch::Tensor& own = parameters[name];
  const std::int64_t side = square_root(own.size(1) - prefix_tokens);
  for (NamedTensor& each : state.tensors) {
    const auto& shape = each.tensor.shape;
    if (!is_named(each.name, name) || shape.size() != 3 || shape[0] != 1 || shape[2] != own.size(2)) continue;
    const std::int64_t old_side = square_root(shape[1] - prefix_tokens);
    if (side == 0 || old_side == 0 || old_side == side) continue;
    each.tensor =
        keep_tensor(state, resize_positions(to_tensor(each.tensor), prefix_tokens, side, side, how));
    notes.push_back("resized " + each.name + " from a grid of " + size_of_square(old_side) +
                    " positions to " + size_of_square(side));
  }
}

torch::Tensor resize_biases(const torch::Tensor& biases, std::int64_t other_rows, std::int64_t side) {
  const torch::Tensor values = biases.to(torch::kFloat32);
  const std::int64_t of_offsets = values.size(0) - other_rows, heads = values.size(1);
  const std::int64_t offsets = square_root(of_offsets);
  const torch::Tensor weights = interpolation_of_offsets((offsets + 1) / 2, side);
  const torch::Tensor grid = values.narrow(0, 0, of_offsets).t().reshape({heads, offsets, offsets});
  const torch::Tensor resized = weights.matmul(grid).matmul(weights.t());
  return torch::cat({resized.flatten(1).t(), values.narrow(0, of_offsets, other_rows)});
}

void adapt_biases(StateDict& state, const Network& network, std::int64_t other_rows,
                  std::vector<std::string>& notes) {
  const auto parameters = network.named_parameters();
  std::set<std::string> sizes;
  for (NamedTensor& each : state.tensors) {
    if (!each.name.ends_with(".relative_position_bias_table")) continue;
    const auto own = std::find_if(parameters.begin(), parameters.end(),
                                  [&](const auto& item) { return is_named(each.name, item.key()); });
    const auto& shape = each.tensor.shape;
    if (own == parameters.end() || shape.size() != 2 || shape[1] != own->value().size(1)) continue;
    const std::int64_t offsets = square_root(own->value().size(0) - other_rows);
    const std::int64_t old_offsets = square_root(shape[0] - other_rows);
    if (offsets == 0 || old_offsets % 2 == 0 || old_offsets == offsets) continue;
    const std::int64_t side = (offsets + 1) / 2, old_side = (old_offsets + 1) / 2;
    each.tensor = keep_tensor(state, resize_biases(to_tensor(each.tensor), other_rows, side));
    sizes.insert("from windows of " + size_of_square(old_side) + " tokens to " + size_of_square(side));
  }
  for (const std::string& size : sizes) notes.push_back("resized the relative position biases " + size);
}

}  // namespace graft
