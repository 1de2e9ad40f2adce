#include "graft/check/picture_facts.h"

#include <exception>
#include <string_view>
#include <vector>

#include "graft/core/error.h"
#include "graft/core/hash.h"
#include "graft/data/dataset.h"
#include "graft/image/open_image.h"

namespace graft {
namespace {

// If decoding shrinks the image, it keeps at least this size for the hash, which needs 32 × 32.
constexpr Size enough_for_the_hash = {128, 128};

ContentHash content_hash(std::span<const std::uint8_t> bytes) {
  const std::string digits = sha256_hex(bytes);
  return {std::stoull(digits.substr(0, 16), nullptr, 16), std::stoull(digits.substr(16, 16), nullptr, 16)};
}

bool is_grey(const ImageView& image) {
  for (int y = 0; y < image.height; ++y) {
    const std::uint8_t* pixel = image.row(y);
    for (int x = 0; x < image.width; ++x, pixel += 3) {
      if (pixel[0] != pixel[1] || pixel[1] != pixel[2]) return false;
    }
  }
  return true;
}

void look(const Sample& sample, const DecodeOptions& options, PictureFacts& facts) {
  const std::vector<std::uint8_t> bytes = read_picture(sample);
  facts.content = content_hash(bytes);
  facts.format = picture_format(bytes);
  facts.transparent = has_transparency(bytes);
  facts.inks = has_inks(bytes);
  OpenImage picture(bytes, sample.path, options);
  facts.size = picture.size();
  facts.turned = picture.orientation() != 1;
  const int shrink = picture.shrink_for({0, 0, facts.size.height, facts.size.width}, enough_for_the_hash);
  const DecodedPart decoded = picture.decode_whole(shrink);
  facts.grey = is_grey(decoded.pixels.view());
  facts.look = perceptual_hash(decoded.pixels.view());
}

std::string problem_of(const Error& error, const std::string& path) {
  if (error.where() != path) return error.what();
  return error.advice().empty() ? error.problem() : error.problem() + "; " + error.advice();
}

}  // namespace

PictureFacts look_at_picture(const Sample& sample, const DecodeOptions& options) {
  PictureFacts facts;
  try {
    look(sample, options, facts);
  } catch (const EngineError&) {
    throw;  // the picture is not to blame
  } catch (const Error& error) {
    facts.problem = problem_of(error, sample.path);
  }
  return facts;
}

}  // namespace graft
