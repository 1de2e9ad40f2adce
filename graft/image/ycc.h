// The colours of a JPEG → RGB, with libjpeg's integers (ITU-R BT.601, full range).
#pragma once

#include <cstddef>
#include <cstdint>

namespace graft {

// `count` values of each → count × 3 bytes.
void ycc_to_rgb(const std::uint8_t* y, const std::uint8_t* cb, const std::uint8_t* cr, std::size_t count,
                std::uint8_t* rgb);
void grey_to_rgb(const std::uint8_t* grey, std::size_t count, std::uint8_t* rgb);

}  // namespace graft
