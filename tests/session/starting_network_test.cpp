#include "graft/session/starting_network.h"

#include <gtest/gtest.h>

#include "graft/models/registry.h"
#include "tests/support/error_of.h"

namespace graft::test {
namespace {

Folder labelled(std::vector<std::string> classes) {
  Folder folder;
  folder.classes = std::move(classes);
  return folder;
}

std::string refusal_of(const Folder& train, const Recipe& recipe) {
  const ModelSpec& spec = find_model("squeezenet1_1");
  return error_of([&] { starting_network(spec, train, recipe, find_weights(spec, "none")); });
}

TEST(StartingNetwork, WithoutALinearHeadTakesSingleClassesAndNoProbe) {
  Folder single = labelled({"ants", "bees"}), multi = single, number = labelled({"weight"});
  multi.class_sets = {{0}, {0, 1}};
  number.numbers = {-1.5, 2};
  const ModelSpec& spec = find_model("squeezenet1_1");
  const LoadedNetwork loaded = starting_network(spec, single, Recipe{}, find_weights(spec, "none"));
  EXPECT_EQ(loaded.network->head()->weight.sizes(), torch::IntArrayRef({2, 512, 1, 1}));
  EXPECT_EQ(
      refusal_of(single, {.head_start = HeadStart::probe}),
      "SqueezeNet: has no linear head, which a probe fits; use `preset` finetune, or `head_start` fresh");
  EXPECT_EQ(
      refusal_of(multi, {}),
      "`model`: squeezenet1_1 gives no negative outputs, which several labels for a picture need; choose "
      "another model");
  EXPECT_EQ(refusal_of(number, {}),
            "`model`: squeezenet1_1 gives no negative outputs, which numbers need; choose another model");
}

}  // namespace
}  // namespace graft::test
