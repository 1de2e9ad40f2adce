#include "graft/core/option.h"

#include <gtest/gtest.h>

#include "graft/core/error.h"

namespace graft {

enum class Fruit { apple, pear };
template <>
struct EnumNames<Fruit> {
  static constexpr std::array<const char*, 2> names = {"apple", "pear"};
};

namespace {

struct Inner {
  int small_number = 3;
};
inline constexpr auto inner_options = options_of<Inner>(option<&Inner::small_number>(1, 10, "a number"));

struct Outer {
  double rate = 0.5;
  bool on = true;
  std::string name = "x";
  Fruit fruit = Fruit::apple;
  Inner inner;
};
inline constexpr auto outer_options = options_of<Outer>(
    option<&Outer::rate>(0, 1, "a rate"), option<&Outer::on>("a switch"), option<&Outer::name>("a name"),
    option<&Outer::fruit>("a fruit"), group<&Outer::inner>(inner_options));

TEST(Option, NamesComeFromTheFieldsAndGroupsAreFlattened) {
  Outer outer;
  std::string names;
  for (const OptionRef& option : options_in(outer, outer_options))
    names += quoted_option(option.name) + "=" + option.text() + " ";
  EXPECT_EQ(names, "`rate`=0.5 `on`=true `name`=x `fruit`=apple `small_number`=3 ");
}

struct Garden {
  int beds = 1;
  Inner inner;
  int paths = 2;
};
inline constexpr auto garden_options =
    options_of<Garden>(section("Ground"), option<&Garden::beds>(1, 9, "beds"), section("Plants"),
                       group<&Garden::inner>(inner_options), option<&Garden::paths>(1, 9, "paths"));

TEST(Option, HasThePrecedingSection) {
  Garden garden;
  std::string text;
  for (const OptionRef& option : options_in(garden, garden_options))
    text += option.section + ":" + option.name + " ";
  EXPECT_EQ(text, "Ground:beds Plants:small_number Plants:paths ");
}

TEST(Option, FlagsHaveHyphens) { EXPECT_EQ(quoted_option("batch_size"), "`batch_size`"); }

TEST(Option, SetParsesEveryKind) {
  Outer outer;
  const auto options = options_in(outer, outer_options);
  options[0].set("0.25");
  options[1].set("false");
  options[2].set("y z");
  options[3].set("pear");
  options[4].set("7");
  EXPECT_EQ(outer.rate, 0.25);
  EXPECT_FALSE(outer.on);
  EXPECT_EQ(outer.name, "y z");
  EXPECT_EQ(outer.fruit, Fruit::pear);
  EXPECT_EQ(outer.inner.small_number, 7);
}

std::string message(const OptionRef& option, const std::string& text) {
  try {
    option.set(text);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

TEST(Option, ErrorsNameTheValueAndTheAllowedValues) {
  Outer outer;
  const auto options = options_in(outer, outer_options);
  EXPECT_EQ(message(options[0], "2"), "`rate`: 2 is outside 0 to 1");
  EXPECT_EQ(message(options[0], "nan"), "`rate`: nan is outside 0 to 1");
  EXPECT_EQ(message(options[0], "half"), "`rate`: \"half\" is not a number");
  EXPECT_EQ(message(options[0], "0,5"), "`rate`: \"0,5\" is not a number; write 0.5");
  EXPECT_EQ(message(options[0], ""), "`rate`: \"\" is not a number");
  EXPECT_EQ(message(options[3], "paer"),
            "`fruit`: \"paer\" is not one of apple, pear; did you mean \"pear\"?");
  EXPECT_EQ(message(options[4], "3.5"), "`small_number`: \"3.5\" is not a whole number");
  EXPECT_EQ(message(options[4], "3,5"), "`small_number`: \"3,5\" is not a whole number");
  std::uint64_t seed = 0;
  const OptionRef of_seed{"seed", "", "", 0, 0, &seed};
  EXPECT_EQ(message(of_seed, "-1"), "`seed`: \"-1\" is below 0");
  EXPECT_EQ(message(of_seed, "-x"), "`seed`: \"-x\" is not a whole number");
  EXPECT_EQ(message(options[4], "99999999999"), "`small_number`: \"99999999999\" is outside 1 to 10");
  EXPECT_EQ(message(options[4], "1000000"), "`small_number`: 1000000 is outside 1 to 10");
}

TEST(Option, CopyFromCopiesOneOption) {
  Outer from, to;
  from.fruit = Fruit::pear;
  from.rate = 0.75;
  options_in(to, outer_options)[3].copy_from(options_in(from, outer_options)[3]);
  EXPECT_EQ(to.fruit, Fruit::pear);
  EXPECT_EQ(to.rate, 0.5);
}

}  // namespace
}  // namespace graft
