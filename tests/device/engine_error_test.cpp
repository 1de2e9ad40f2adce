#include "graft/device/engine_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <new>
#include <system_error>

#include "graft/device/torch.h"

namespace graft {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// The message of the EngineError of `work`.
template <class Work>
std::string told(const Work& work) {
  try {
    with_engine_errors("epoch 1", work);
  } catch (const EngineError& error) {
    EXPECT_EQ(error.where(), "epoch 1");
    EXPECT_FALSE(std::string(error.what()).find('\n') != std::string::npos);
    return error.what();
  }
  return "no error";
}

TEST(EngineErrors, OutOfMemoryIsOneLineWithAdvice) {
  // 4 PiB: more than any address space.
  EXPECT_THAT(told([] { torch::empty({std::int64_t{1} << 50}, torch::kFloat32); }),
              AllOf(StartsWith("epoch 1: memory ran out: 4503599627.4 MB could not be allocated; "),
                    HasSubstr("`batch_size`"), HasSubstr("`cache`")));
  EXPECT_THAT(told([] { throw std::bad_alloc(); }),
              AllOf(StartsWith("epoch 1: memory ran out; "), HasSubstr("`workers`")));
  EXPECT_THAT(told([] {
                throw c10::OutOfMemoryError(
                    {"f", "x.cpp", 1},
                    "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has 10.00 GiB\nframes");
              }),
              StartsWith("epoch 1: memory ran out: 2.00 GiB could not be allocated; "));
}

TEST(EngineErrors, LibtorchErrorsLoseTheirBacktrace) {
  EXPECT_THAT(told([] {
                torch::ones({2, 3}).mm(torch::ones({2, 3}));
              }),
              AllOf(StartsWith("epoch 1: libtorch failed: mat1 and mat2"), Not(HasSubstr("frame"))));
}

TEST(EngineErrors, OneDnnErrorsHaveAdvice) {
  EXPECT_THAT(
      told([] {
        throw std::runtime_error("could not create a primitive descriptor for the convolution. Run …\nmore");
      }),
      AllOf(HasSubstr("oneDNN could not create a primitive descriptor"), HasSubstr("`precision` fp32"),
            Not(HasSubstr("more"))));
}

TEST(EngineErrors, AThreadThatCannotBeStartedIsNamed) {
  EXPECT_THAT(
      told([] { throw std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again)); }),
      AllOf(StartsWith("epoch 1: a thread cannot be started: "), HasSubstr("ulimit -u")));
}

TEST(EngineErrors, OtherExceptionsDoNotChange) {
  const auto passes = [](auto thrown) {
    using Thrown = decltype(thrown);
    EXPECT_THROW(with_engine_errors("work", [&] { throw thrown; }), Thrown);
  };
  passes(std::runtime_error("a caller's own"));
  passes(std::system_error(std::make_error_code(std::errc::permission_denied)));
  passes(UsageError("`lr`", "is too large"));
  passes(42);
  EXPECT_THAT([] { with_engine_errors("work", [] { throw Error("a.jpg", "is broken"); }); },
              ::testing::ThrowsMessage<Error>("a.jpg: is broken"));
}

TEST(EngineErrors, WithoutAnErrorTheValueIsReturned) {
  EXPECT_EQ(with_engine_errors("work", [] { return 3; }), 3);
}

}  // namespace
}  // namespace graft
