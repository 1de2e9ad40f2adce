#include "graft/weights/tensor_bytes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/support/error_of.h"

namespace graft {
namespace {

using test::error_of;
using testing::HasSubstr;

TEST(TensorBytes, AreEmptyOnOverflow) {
  const auto size = [](std::vector<std::int64_t> shape) { return tensor_bytes(DType::float32, shape); };
  EXPECT_EQ(size({}), 4U);
  EXPECT_EQ(size({2, 3}), 24U);
  EXPECT_EQ(size({INT64_MAX, 0, INT64_MAX}), 0U);
  EXPECT_EQ(size({-1}), std::nullopt);
  EXPECT_EQ(size({INT64_MAX}), std::nullopt);
  EXPECT_EQ(size({1LL << 32, 1LL << 32}), std::nullopt);
}

TEST(TensorBytes, AlignedCopiesOnlyUnalignedBytes) {
  alignas(8) const std::array<std::uint8_t, 12> memory = {0, 1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<std::shared_ptr<const void>> owners;
  const std::span<const std::uint8_t> bytes = memory;
  EXPECT_EQ(aligned(bytes.first(8), 8, owners).data(), memory.data());
  EXPECT_TRUE(owners.empty());
  const auto copy = aligned(bytes.subspan(1, 8), 8, owners);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(copy.data()) % 8, 0U);
  EXPECT_THAT(copy, testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_EQ(owners.size(), 1U);
}

TEST(TensorBytes, WritersRefuseWhatReadersRefuse) {
  const std::array<std::uint8_t, 8> memory{};
  const TensorView good{DType::float32, {2}, memory};
  const auto refusal = [](std::vector<NamedTensor> tensors) {
    return error_of([&] { check_writable("out.pth", tensors); });
  };
  EXPECT_EQ(refusal({{"a", good}, {"b", good}}), "");
  EXPECT_THAT(refusal({{"a", good}, {"b", good}, {"a", good}}), HasSubstr("two tensors named \"a\""));
  EXPECT_THAT(refusal({{"", good}}), HasSubstr("named \"\""));
  EXPECT_THAT(refusal({{"\xFF", good}}), HasSubstr("named \"?\""));
  EXPECT_THAT(refusal({{"a", {DType::float32, {3}, memory}}}),
              HasSubstr("8 bytes, which does not match its shape"));
  EXPECT_THAT(refusal({{"a", {DType::float32, {-2}, memory}}}), HasSubstr("which does not match its shape"));
}

}  // namespace
}  // namespace graft
