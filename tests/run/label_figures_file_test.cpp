#include "graft/run/label_figures_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graft/core/error.h"
#include "graft/core/files.h"
#include "tests/support/temporary_folder.h"

namespace graft {
namespace {

using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

const LabelTable table{2, {.9F, .2F, .5F, .8F}, {1, 0, 0, 1}};

TEST(LabelFiguresFile, AreReadAsTheyWereWritten) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "label_figures.csv";
  write_label_figures(path, {{"a, \"b\"", label_figures(table)[0]}, {"c", label_figures(table)[1]}});
  const auto rows = read_label_figures(path);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].name, "a, \"b\"");
  EXPECT_EQ(rows[0].figures.average_precision, 1);
  EXPECT_EQ(rows[1].figures.support, 1);
}

TEST(LabelFiguresFile, ABrokenFileIsNamedWithItsLine) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "label_figures.csv";
  const auto write = [&](const std::string& text) { replace_file(path, text); };
  const std::string header = "class,average_precision,precision,recall,f1,support\n";
  write("class,ap\n");
  EXPECT_THAT([&] { read_label_figures(path); }, ThrowsMessage<Error>(HasSubstr(":1: does not begin")));
  write(header + "a,1,1,1,1,2\nb,1,1\n");
  EXPECT_THAT([&] { read_label_figures(path); }, ThrowsMessage<Error>(HasSubstr(":3: has 3 fields, not 6")));
  write(header + "a,x,1,1,1,2\n");
  EXPECT_THAT([&] { read_label_figures(path); }, ThrowsMessage<Error>(HasSubstr("\"x\" is not a number")));
}

}  // namespace
}  // namespace graft
