#include "graft/weights/copies.h"

#include <algorithm>
#include <array>
#include <string>

#include "graft/core/text.h"

namespace graft {
namespace {

constexpr std::array<std::string_view, 11> preferred = {"state_dict", "model",   "model_state_dict", "module",
                                                        "net",        "network", "weights",          "params",
                                                        "backbone",   "encoder", "student"};
constexpr std::size_t rank_of_root = preferred.size(), rank_of_others = rank_of_root + 1,
                      rank_of_averages = rank_of_root + 2;

bool is_averaged(const std::string& part) {
  const std::vector<std::string> words = split(to_lower_ascii(part), '_');
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) {
                       return word == "ema" || word == "teacher" || word == "shadow" || word == "momentum" ||
                              word == "target";
                     }) ||
         part == "encoder_k";  // MoCo's momentum encoder
}

}  // namespace

std::size_t copy_rank(std::string_view key) {
  if (key.empty()) return rank_of_root;
  const std::vector<std::string> parts = split(std::string(key), '.');
  if (std::any_of(parts.begin(), parts.end(), is_averaged)) return rank_of_averages;
  const auto found = std::find(preferred.begin(), preferred.end(), parts.back());
  return found == preferred.end() ? rank_of_others : static_cast<std::size_t>(found - preferred.begin());
}

}  // namespace graft
