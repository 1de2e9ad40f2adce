#include "graft/core/hash.h"

#include <openssl/evp.h>
#include <array>
#include <memory>

#include "graft/core/error.h"
#include "graft/core/files.h"

namespace graft {
namespace {

constexpr std::uint32_t reversed_polynomial = 0x82F63B78;

constexpr std::array<std::uint32_t, 256> table = [] {
  std::array<std::uint32_t, 256> entries{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) != 0 ? reversed_polynomial : 0);
    entries[byte] = value;
  }
  return entries;
}();

using Parts = std::span<const std::span<const std::uint8_t>>;

std::string digest_hex(const EVP_MD* kind, const char* name, Parts parts) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int size = 0;
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  bool computed = context != nullptr && EVP_DigestInit_ex(context.get(), kind, nullptr) == 1;
  for (const auto part : parts)
    computed = computed && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
  if (!computed || EVP_DigestFinal_ex(context.get(), digest.data(), &size) != 1)
    throw Error(name, "cannot be computed by this OpenSSL", "check its configuration");
  constexpr const char* digits = "0123456789abcdef";
  std::string text;
  for (unsigned int i = 0; i < size; ++i) {
    text += digits[digest[i] >> 4];
    text += digits[digest[i] & 0xF];
  }
  return text;
}

}  // namespace

std::string sha256_hex(std::span<const std::uint8_t> bytes) { return sha256_hex_of_parts({&bytes, 1}); }

std::string sha256_hex_of_parts(Parts parts) { return digest_hex(EVP_sha256(), "SHA-256", parts); }

std::string git_hash_of_file(const std::filesystem::path& path) {
  const auto file = disk().map(path);
  std::string header = "blob " + std::to_string(file->bytes().size());
  header += '\0';
  const std::array parts = {std::span(reinterpret_cast<const std::uint8_t*>(header.data()), header.size()),
                            file->bytes()};
  return digest_hex(EVP_sha1(), "SHA-1", parts);
}

std::string sha256_hex_of_file(const std::filesystem::path& path) {
  const auto file = disk().map(path);
  return sha256_hex(file->bytes());
}

std::uint32_t crc32c(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char c : bytes) crc = (crc >> 8) ^ table[(crc ^ static_cast<unsigned char>(c)) & 0xFF];
  return crc ^ 0xFFFFFFFF;
}

std::uint32_t masked_crc32c(std::string_view bytes) {
  const std::uint32_t crc = crc32c(bytes);
  return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
}

}  // namespace graft
