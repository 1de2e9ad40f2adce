#include "graft/serve/access.h"

#include <openssl/crypto.h>

#include <sstream>
#include <string_view>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "graft/core/hash.h"
#include "graft/core/text.h"

namespace graft {
namespace {

std::string digest_of(std::string_view text) {
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

std::vector<std::string> tokens_of(const std::string& file) {
  constexpr std::uint64_t max_bytes = 1U << 20U;
  const auto bytes = disk().read(file, max_bytes);
  std::istringstream text(std::string(bytes.begin(), bytes.end()));
  std::vector<std::string> tokens;
  for (std::string line; std::getline(text, line);) {
    line = trimmed(line);
    if (!line.empty() && line.front() != '#') tokens.push_back(line);
  }
  if (tokens.empty()) throw Error(file, "has no token", "write one in a line");
  return tokens;
}

bool is_authorized(const std::string& authorization, const std::vector<std::string>& tokens) {
  constexpr std::string_view scheme = "bearer ";
  if (to_lower_ascii(authorization.substr(0, scheme.size())) != scheme) return false;
  const std::size_t start = authorization.find_first_not_of(' ', scheme.size());
  const std::string given =
      digest_of(start == std::string::npos ? "" : std::string_view(authorization).substr(start));
  bool known = false;
  for (const std::string& token : tokens)
    known |= CRYPTO_memcmp(given.data(), digest_of(token).data(), given.size()) == 0;
  return known;
}

}  // namespace graft
