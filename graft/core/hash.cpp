#include "graft/core/hash.h"

#include <openssl/evp.h>

#include <array>

#include "graft/core/error.h"
#include "graft/core/files.h"

namespace graft {

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1) {
    throw Error("SHA-256", "cannot be computed by this OpenSSL", "check its configuration");
  }
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 0xF];
  }
  return text;
}

std::string sha256_hex_of_file(const std::filesystem::path& path) {
  const auto file = disk().map(path);
  return sha256_hex(file->bytes());
}

}  // namespace graft
