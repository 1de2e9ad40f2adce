// This stage's uses of random numbers (the `stream` of Random). Their numbers are independent.
#pragma once

#include <cstdint>

namespace graft::random_stream {

inline constexpr std::uint64_t shuffle = 1;
inline constexpr std::uint64_t augment = 2;
inline constexpr std::uint64_t split = 3;
inline constexpr std::uint64_t auto_augment = 4;
inline constexpr std::uint64_t color_jitter = 5;
inline constexpr std::uint64_t random_erasing = 6;
inline constexpr std::uint64_t test_split = 7;
inline constexpr std::uint64_t folds = 8;

}  // namespace graft::random_stream
