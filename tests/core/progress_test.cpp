#include "graft/core/progress.h"

#include <gtest/gtest.h>

namespace graft {
namespace {

using std::chrono::seconds;

const ProgressLine::Clock::time_point start(seconds(1000));

TEST(ProgressLine, ShowsShareRateNoteAndTimeLeft) {
  ProgressLine line;
  EXPECT_EQ(line.next({"train", 0, 48, "images"}, 0, start), "train [                        ] 0/48 images");
  EXPECT_EQ(line.next({"train", 12, 48, "images", [] { return "loss 0.31"; }}, 0, start + seconds(4)),
            "train [██████                  ] 12/48 images  3/s  loss 0.31  12 s left");
  EXPECT_EQ(line.next({"train", 48, 48, "images"}, 0, start + seconds(4)),
            "train [████████████████████████] 48/48 images  12/s");
}

TEST(ProgressLine, BytesAreInUnitsOfTheirSize) {
  ProgressLine line;
  line.next({"net.pth", 0, 2'500'000'000, "B"}, 0, start);
  EXPECT_EQ(line.next({"net.pth", 1'250'000'000, 2'500'000'000, "B"}, 0, start + seconds(10)),
            "net.pth [████████████            ] 1.2 GB/2.5 GB  125.0 MB/s  10 s left");
  EXPECT_EQ(ProgressLine().next({"net.pth", 999, 0, "B"}, 0, start), "net.pth 999 B");
}

TEST(ProgressLine, TheRateIsThatOfTheOperation) {
  ProgressLine line;
  line.next({"train", 0, 0, "images"}, 0, start);
  line.next({"val", 100, 0, "images"}, 0, start + seconds(100));  // resumed: 100 were done before
  EXPECT_EQ(line.next({"val", 140, 0, "images"}, 0, start + seconds(102)), "val 140 images  20/s");
  EXPECT_EQ(line.next({"val", 90, 0, "images"}, 0, start + seconds(103)), "val 90 images")
      << "done has fallen";
}

TEST(ProgressLine, ALineIsDueTenTimesASecondAndAtTheEnd) {
  ProgressLine line;
  int notes = 0;
  const auto progress = [&](std::uint64_t done) {
    return Progress{"train", done, 3, "images", [&] { return std::to_string(++notes); }};
  };
  EXPECT_NE(line.next(progress(0), 0, start), "");
  EXPECT_EQ(line.next(progress(1), 0, start + std::chrono::milliseconds(99)), "");
  EXPECT_NE(line.next(progress(2), 0, start + std::chrono::milliseconds(100)), "");
  EXPECT_NE(line.next(progress(3), 0, start + std::chrono::milliseconds(101)), "");
  EXPECT_EQ(notes, 3) << "a note is asked for where it is not shown";
}

TEST(ProgressLine, ControlCharactersOfANameAreEscaped) {
  EXPECT_EQ(ProgressLine().next({"a\nb", 1, 0, "B"}, 0, start), "a\\x0ab 1 B");
}

TEST(ProgressLine, TakesOneRowOfATerminal) {
  const Progress progress{"epoch 1/1 train", 12, 24, "images", [] { return "loss 0.6671"; }};
  const auto at = [&](int columns) {
    ProgressLine line;
    line.next({"epoch 1/1 train", 0, 24, "images"}, columns, start);
    return line.next(progress, columns, start + seconds(1));
  };
  EXPECT_EQ(at(0), "epoch 1/1 train [████████████            ] 12/24 images  12/s  loss 0.6671  1 s left");
  EXPECT_EQ(at(100), at(0));
  EXPECT_EQ(at(80), "epoch 1/1 train [█████████          ] 12/24 images  12/s  loss 0.6671  1 s left");
  EXPECT_EQ(at(60), "epoch 1/1 train 12/24 images  12/s  loss 0.6671  1 s left");
  EXPECT_EQ(at(20), "epoch 1/1 train 12/");
  EXPECT_EQ(ProgressLine().next({"蚂蚁与蜜蜂", 1, 0, "B"}, 8, start), "蚂蚁与");
}

}  // namespace
}  // namespace graft
