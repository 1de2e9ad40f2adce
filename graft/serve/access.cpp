#include "graft/serve/access.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>
#include <sstream>
#include <string_view>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/text.h"

namespace graft {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest_of(std::string_view text) {
  Digest digest{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return digest;
}

}  // namespace

std::vector<std::string> tokens_of(const std::string& file) {
  constexpr std::uint64_t max_bytes = 1U << 20U;
  const auto bytes = disk().read(file, max_bytes);
  std::istringstream text(std::string(bytes.begin(), bytes.end()));
  std::vector<std::string> tokens;
  for (std::string line; std::getline(text, line);) {
    const std::size_t first = line.find_first_not_of(" \t\r"), last = line.find_last_not_of(" \t\r");
    if (first != std::string::npos && line[first] != '#')
      tokens.push_back(line.substr(first, last - first + 1));
  }
  if (tokens.empty()) throw Error(file, "has no token", "write one in a line");
  return tokens;
}

bool is_authorized(const std::string& authorization, const std::vector<std::string>& tokens) {
  constexpr std::string_view scheme = "bearer ";
  if (to_lower_ascii(authorization.substr(0, scheme.size())) != scheme) return false;
  const std::size_t start = authorization.find_first_not_of(' ', scheme.size());
  const Digest given =
      digest_of(start == std::string::npos ? "" : std::string_view(authorization).substr(start));
  bool known = false;
  for (const std::string& token : tokens)
    known |= CRYPTO_memcmp(given.data(), digest_of(token).data(), given.size()) == 0;
  return known;
}

}  // namespace graft
