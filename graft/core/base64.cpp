#include "graft/core/base64.h"

#include <openssl/evp.h>

#include <algorithm>
#include <limits>

namespace graft {

std::string to_base64(std::span<const std::uint8_t> bytes) {
  constexpr std::size_t block = 3 << 20;  // EVP_EncodeBlock() takes an int
  std::string text;
  for (std::size_t begin = 0; begin < bytes.size(); begin += block) {
    const auto part = bytes.subspan(begin, std::min(block, bytes.size() - begin));
    std::string codes((part.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(codes.data()), part.data(),
                                     static_cast<int>(part.size()));
    text.append(codes, 0, static_cast<std::size_t>(size));
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > std::numeric_limits<int>::max()) return std::nullopt;
  // EVP_DecodeBlock() accepts spaces and padding in other places.
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  const auto is_code = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
  };
  if (!std::all_of(text.begin(), text.end() - static_cast<std::ptrdiff_t>(padding), is_code))
    return std::nullopt;
  std::vector<std::uint8_t> bytes(text.size() / 4 * 3);
  EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(text.data()),
                  static_cast<int>(text.size()));
  bytes.resize(bytes.size() - padding);
  return bytes;
}

}  // namespace graft
