#include "graft/weights/state_dict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "tests/support/error_of.h"
#include "tests/support/temporary_folder.h"
#include "tests/weights/pickle_bytes.h"
#include "tests/weights/refusal.h"
#include "tests/weights/zip_bytes.h"

namespace graft {
namespace {

using test::dict;
using test::error_of;
using test::pickled;
using test::put;
using test::Refusal;
using test::storage;
using test::tensor;
using test::text;
using test::zip_of;
using test::ZipRecord;
using testing::HasSubstr;
using std::string_literals::operator""s;

std::string floats(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) {
    const auto value = static_cast<float>(i);
    out.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  return out;
}

// A state dict of one tensor "w" with four floats of memory.
std::string one_tensor(std::int64_t offset, const std::vector<std::int64_t>& shape,
                       const std::vector<std::int64_t>& stride, std::int64_t count = 4) {
  return pickled(dict({{"w", tensor(storage("FloatStorage", "0", count), offset, shape, stride)}}));
}

std::string archive(const std::string& pickle, std::vector<ZipRecord> more = {}) {
  std::vector<ZipRecord> records = {{.name = "x/data.pkl", .data = pickle},
                                    {.name = "x/data/0", .data = floats(4)}};
  records.insert(records.end(), more.begin(), more.end());
  return zip_of(records);
}

const std::string legacy_start =  // the magic number, the protocol, the system
    "\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03."s +
    pickled(dict({{"little_endian", "\x88"}}));

std::string legacy(const std::string& pickle, const std::string& keys, const std::string& storages) {
  return legacy_start + pickle + pickled(keys) + storages;
}

std::string counted_floats(std::int64_t count) {
  std::string out;
  put(out, static_cast<std::uint64_t>(count), 8);
  return out + floats(4);
}

std::vector<float> values(const std::string& file_bytes) {
  const test::TemporaryFolder folder;
  const StateDict state = read_pth(folder.write("m.pth", file_bytes));
  const auto bytes = state.find("w")->bytes;
  std::vector<float> result(bytes.size() / sizeof(float));
  if (!bytes.empty()) std::memcpy(result.data(), bytes.data(), bytes.size());
  return result;
}

TEST(Pth, ReadsViewsOfEveryKindRowMajor) {
  using testing::ElementsAre;
  EXPECT_THAT(values(archive(one_tensor(0, {2, 2}, {2, 1}))), ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(values(archive(one_tensor(0, {2, 2}, {1, 2}))), ElementsAre(0, 2, 1, 3));
  EXPECT_THAT(values(archive(one_tensor(1, {3}, {1}))), ElementsAre(1, 2, 3));
  EXPECT_THAT(values(archive(one_tensor(3, {}, {}))), ElementsAre(3));
  EXPECT_THAT(values(archive(one_tensor(2, {3, 2}, {0, 1}))), ElementsAre(2, 3, 2, 3, 2, 3));
  EXPECT_THAT(values(archive(one_tensor(0, {0, 7}, {7, 1}))), ElementsAre());
  // The stride of a dimension of size 1 is ignored.
  EXPECT_THAT(values(archive(one_tensor(0, {1, 2, 1, 2}, {INT64_MAX, 1, INT64_MAX, 2}))),
              ElementsAre(0, 2, 1, 3));
  EXPECT_THAT(values(legacy(one_tensor(0, {2, 2}, {1, 2}), "](" + text("0") + "e", counted_floats(4))),
              ElementsAre(0, 2, 1, 3));
}

// Sizes above and not multiples of the tiles in which a tensor is copied.
TEST(Pth, ReadsLargeTransposedTensorsRowMajor) {
  constexpr std::int64_t a = 3, b = 37, c = 50;
  struct Order {
    std::vector<std::int64_t> stride;
  };
  for (const Order& order : {Order{{1, a, a * b}}, Order{{b * c, 1, b}}, Order{{b, 1, a * b}},
                             Order{{1, a * c, a}}, Order{{c, a * c, 1}}}) {
    const std::string pickle =
        pickled(dict({{"w", tensor(storage("FloatStorage", "0", a * b * c), 0, {a, b, c}, order.stride)}}));
    const auto read = values(
        zip_of({{.name = "x/data.pkl", .data = pickle}, {.name = "x/data/0", .data = floats(a * b * c)}}));
    std::vector<float> expected;
    for (std::int64_t i = 0; i < a; ++i)
      for (std::int64_t j = 0; j < b; ++j)
        for (std::int64_t k = 0; k < c; ++k)
          expected.push_back(
              static_cast<float>(i * order.stride[0] + j * order.stride[1] + k * order.stride[2]));
    EXPECT_EQ(read, expected) << testing::PrintToString(order.stride);
  }
}

TEST(Pth, ReadsTransposedTensorsOfEveryWidth) {
  const std::vector<std::pair<std::string, std::size_t>> types = {
      {"ByteStorage", 1}, {"HalfStorage", 2}, {"FloatStorage", 4}, {"LongStorage", 8}};
  for (const auto& [type, width] : types) {
    std::string memory;
    for (std::size_t i = 0; i < 6 * width; ++i) memory += static_cast<char>(i);
    const std::string pickle = pickled(dict({{"w", tensor(storage(type, "0", 6), 0, {2, 3}, {1, 2})}}));
    const test::TemporaryFolder folder;
    const StateDict state = read_pth(folder.write(
        "m.pth", zip_of({{.name = "x/data.pkl", .data = pickle}, {.name = "x/data/0", .data = memory}})));
    std::string expected;
    for (const std::size_t i : {0, 2, 4, 1, 3, 5}) expected += memory.substr(i * width, width);
    const auto bytes = state.find("w")->bytes;
    EXPECT_EQ(std::string(bytes.begin(), bytes.end()), expected) << type;
  }
}

TEST(Pth, BytesAreAlignedForTheirType) {
  const test::TemporaryFolder folder;
  // With names of several lengths, so that the storage's offset in the file varies by single bytes.
  for (const char* name : {"x", "xy", "xyz", "xyzw"}) {
    const std::string top = name;
    const std::string bytes = zip_of({{.name = top + "/data.pkl", .data = one_tensor(1, {2}, {1})},
                                      {.name = top + "/data/0", .data = floats(4)}});
    const StateDict state = read_pth(folder.write("m.pth", bytes));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(state.find("w")->bytes.data()) % alignof(float), 0U);
  }
}

StateDict read_archive(const std::string& pickle, std::vector<ZipRecord> more = {}) {
  const test::TemporaryFolder folder;
  return read_pth(folder.write("m.pth", archive(pickle, std::move(more))));
}

std::string four_floats() { return tensor(storage("FloatStorage", "0", 4), 0, {4}, {1}); }

std::vector<std::string> names_of(const StateDict& state) {
  std::vector<std::string> names;
  for (const NamedTensor& each : state.tensors) names.push_back(each.name);
  return names;
}

TEST(Pth, SkipsOtherValuesAndExecutesNothing) {
  const std::string command = test::call(test::global("posix", "system"), test::tuple({text("true")}));
  const std::string conjugated =
      test::call(test::global("torch._utils", "_rebuild_tensor_v2"),
                 test::tuple({storage("FloatStorage", "0", 4), test::integer(0), test::integers({4}),
                              test::integers({1}), "\x89", "}", dict({{"conj", "\x88"}})}));
  const StateDict state =
      read_archive(pickled(dict({{"w", four_floats()},
                                 {"version", "K\x02"},
                                 {"nothing", "N"},
                                 {"run", command},
                                 {"conjugated", conjugated},
                                 {"complex", tensor(storage("ComplexFloatStorage", "0", 2), 0, {2}, {1})}})));
  EXPECT_THAT(names_of(state), testing::ElementsAre("w"));
  EXPECT_EQ(state.unread,
            (std::map<std::string, std::string>{{"version", "a number"},
                                                {"nothing", "nothing"},
                                                {"run", "an object of posix.system"},
                                                {"conjugated", "a conjugated or negated tensor"},
                                                {"complex", "a tensor in a ComplexFloatStorage"}}));
}

std::string state_dict_of(const std::string& name) { return dict({{name, four_floats()}}); }

// The key of the weights that are read from `root`.
std::string key_of(const std::string& root) {
  const StateDict state = read_archive(pickled(root));
  return state.key + ": " + state.tensors.at(0).name;
}

TEST(Pth, FindsTheStateDictUnderAnyKey) {
  EXPECT_EQ(key_of(state_dict_of("a.w")), ": a.w");
  EXPECT_EQ(key_of(dict({{"epoch", "K\x03"}, {"mine", state_dict_of("a.w")}})), "mine: a.w");
  EXPECT_EQ(key_of(dict({{"checkpoint", dict({{"state_dict", state_dict_of("a.w")}})}})),
            "checkpoint.state_dict: a.w");
  EXPECT_EQ(key_of("}(K\x05" + state_dict_of("a.w") + "u"), "[5]: a.w");  // {5: …}
  EXPECT_EQ(key_of(test::tuple({state_dict_of("a.w"), "K\x01"})), "[0]: a.w");
  const std::string easy_dict = test::call(test::global("easydict", "EasyDict"), ")");
  EXPECT_EQ(key_of(easy_dict + "(" + text("net") + state_dict_of("a.w") + "u"), "net: a.w");
}

TEST(Pth, ReadsTheDocumentedOneOfSeveralStateDicts) {
  const std::string one = state_dict_of("a.w");
  EXPECT_EQ(key_of(dict({{"model_ema", one}, {"mine", one}, {"model", one}})), "model: a.w");
  EXPECT_EQ(key_of(dict({{"model", one}, {"state_dict", one}})), "state_dict: a.w");
  EXPECT_EQ(key_of(dict({{"ema", dict({{"state_dict", one}})}, {"mine", one}})), "mine: a.w");
  EXPECT_EQ(key_of(dict({{"teacher", one}, {"student", one}})), "student: a.w");
  EXPECT_EQ(key_of(dict({{"a", one}, {"b", dict({{"a.w", four_floats()}, {"a.b", four_floats()}})}})),
            "b: a.w");
  const StateDict state = read_archive(pickled(dict({{"model_ema", one}, {"model", one}})));
  EXPECT_THAT(state.other_keys, testing::ElementsAre("model_ema"));
  // A tensor beside it, with or without a dot in its name, is not a state dict.
  const std::string two = dict({{"a.w", four_floats()}, {"a.b", four_floats()}, {"a.c", four_floats()}});
  EXPECT_EQ(key_of(dict({{"best.acc", four_floats()}, {"rng", four_floats()}, {"net1", two}})), "net1: a.w");
}

TEST(Pth, ReadsTheArchitectureOfACheckpoint) {
  const StateDict state = read_archive(
      pickled(dict({{"arch", text("resnet18")}, {"epoch", "K\x03"}, {"state_dict", state_dict_of("a.w")}})));
  EXPECT_EQ(state.metadata, (std::map<std::string, std::string>{{"arch", "resnet18"}}));
}

// An object with torch.nn.Module's attributes.
std::string module(const std::vector<std::pair<std::string, std::string>>& parameters,
                   const std::vector<std::pair<std::string, std::string>>& modules) {
  return test::global("m", "Net") + ")\x81" +
         dict({{"training", "\x88"},
               {"_parameters", dict(parameters)},
               {"_buffers", dict({{"mean", four_floats()}, {"none", "N"}})},
               {"_modules", dict(modules)}}) +
         "b";
}

TEST(Pth, ReadsAWholeModuleByItsAttributes) {
  const std::string net =
      module({{"weight", four_floats()}}, {{"layer", module({{"bias", four_floats()}}, {})}});
  for (const std::string& root : {net, dict({{"epoch", "K\x03"}, {"model", net}})}) {
    const StateDict state = read_archive(pickled(root));
    EXPECT_THAT(names_of(state), testing::ElementsAre("weight", "mean", "layer.bias", "layer.mean"));
    EXPECT_EQ(state.module, "m.Net");
  }
}

TEST(Pth, ReadsCompressedRecords) {
  const test::TemporaryFolder folder;
  const std::string bytes = zip_of({test::deflated_record("x/data.pkl", one_tensor(0, {4}, {1})),
                                    test::deflated_record("x/data/0", floats(4))});
  EXPECT_THAT(values(bytes), testing::ElementsAre(0, 1, 2, 3));
}

std::vector<Refusal> pth_refusals() {
  const std::string good = one_tensor(0, {4}, {1}), key = "](" + text("0") + "e";
  const auto with_keys = [](const std::string& keys) { return pickled("}(" + keys + "u"); };
  const std::string value = tensor(storage("FloatStorage", "0", 4), 0, {4}, {1});
  const std::string large(600, '\0');
  return {
      {"Empty", "", "not a file of torch.save"},
      {"Text", "hello", "not a file of torch.save"},
      {"Tar", large.substr(0, 257) + "ustar" + large, "tar archive"},
      {"Npz", zip_of({{.name = "w.npy", .data = "a"}}), "NumPy"},
      {"ExportedProgram",
       zip_of({{.name = "m/archive_format", .data = "pt2"},
               {.name = "m/data/sample_inputs/model.pt", .data = "a"}}),
       "is a program of torch.export, not weights"},
      {"EarlierExportedProgram",
       zip_of({{.name = "serialized_exported_program.json", .data = "{}"},
               {.name = "serialized_state_dict.pt", .data = "a"}}),
       "is a program of torch.export, not weights"},
      {"ZippedAgain", zip_of({{.name = "net.pth", .data = "a"}}), "zip archive that holds net.pth"},
      {"ZipOfOtherThings", zip_of({{.name = "a.txt", .data = "a"}}), "not a PyTorch file"},
      {"DataTooDeep", zip_of({{.name = "x/y/data.pkl", .data = good}}), "not a PyTorch file"},
      {"TwoPickles", archive(good, {{.name = "y/data.pkl", .data = good}}), "two data.pkl"},
      {"SamePickleTwice", archive(good, {{.name = "x/data.pkl", .data = good}}), "two entries named"},
      {"TorchScript", archive(good, {{.name = "x/constants.pkl", .data = "a"}}), "TorchScript"},
      {"BigEndian", archive(good, {{.name = "x/byteorder", .data = "big"}}), "big-endian"},
      {"Command", archive(pickled(test::call(test::global("posix", "system"), test::tuple({text("true")})))),
       "refers to \"posix.system\""},
      {"NoRecord", zip_of({{.name = "x/data.pkl", .data = good}}), "lacks the record \"data/0\""},
      {"NameThatLeadsOut", archive(good, {{.name = "x/../../y", .data = ""}}), "is outside the archive"},
      {"FolderThatLeadsOut", zip_of({{.name = "../data.pkl", .data = good}}), "is outside the archive"},
      {"RecordElsewhere",
       archive(pickled(dict({{"w", tensor(storage("FloatStorage", "../0", 4), 0, {4}, {1})}}))), "data/../0"},
      {"MoreElementsThanBytes", archive(one_tensor(0, {4}, {1}, 1000)), "needs a storage of 1000 elements"},
      {"FewerElementsThanBytes", archive(one_tensor(0, {2}, {1}, 2)), "needs a storage of 2 elements"},
      {"PastTheEnd", archive(one_tensor(0, {5}, {1})), "past the end of its storage"},
      {"OffsetPastTheEnd", archive(one_tensor(1, {4}, {1})), "past the end of its storage"},
      {"OffsetOf2To63", archive(one_tensor(INT64_MAX, {1}, {1})), "past the end of its storage"},
      {"StridePastTheEnd", archive(one_tensor(0, {2, 2}, {3, 1})), "past the end of its storage"},
      {"StrideOf2To63", archive(one_tensor(0, {3}, {INT64_MAX})), "past the end of its storage"},
      {"SizesBeyond2To63", archive(one_tensor(0, {1LL << 40, 1LL << 40}, {0, 0})),
       "more than 2^63 - 1 bytes"},
      {"TwoGigabytesUnfolded", archive(one_tensor(0, {1LL << 29}, {0})), "out of proportion"},
      {"ComplexMemory",
       archive(pickled(dict({{"w", tensor(storage("ComplexFloatStorage", "0", 2), 0, {2}, {1})}}))),
       "\"w\" is a tensor in a ComplexFloatStorage"},
      {"WholeModelOfNothing", archive(pickled(test::global("models", "ResNet") + ")\x81}b")),
       "refers to \"models.ResNet\", which is not executed"},
      {"NamesAlone", archive(pickled(test::global("torch", "load"))), "refers to \"torch.load\""},
      {"ADictWithoutTensors",
       archive(pickled(dict({{"epoch", "K\x03"}, {"args", test::call(test::global("a", "B"), ")")}}))),
       "holds no state dict, but a dict of epoch (a number), args (an object of a.B)"},
      {"AnEmptyDict", archive(pickled("}")), "holds an empty dict"},
      {"TensorsWithoutNames", archive(pickled("](" + value + "e")), "holds a list, not a state dict"},
      {"AList", archive(pickled("]")), "holds a list, not a state dict"},
      {"NameTwice", archive(with_keys(text("w") + value + text("w") + value)), "\"w\" occurs twice"},
      {"NameIsANumber", archive(with_keys("K\x05" + value)), "key that is not a string"},
      {"NameIsNotUtf8", archive(with_keys(text("\xFF") + value)), "key that is not a string"},
      {"OtherPickle", pickled("}"), "a pickle, but not one of torch.save"},
      {"LegacyProtocol", legacy_start.substr(0, 15) + pickled("K\x07"), "protocol other than 1001"},
      {"LegacyBigEndian", legacy_start.substr(0, 21) + pickled(dict({{"little_endian", "\x89"}})),
       "big-endian"},
      {"LegacyNoKeys", legacy(good, "N", ""), "no list"},
      {"LegacyStrangeKey", legacy(good, "](" + text("9") + "e", counted_floats(4)), "no tensor uses"},
      {"LegacyKeyIsANumber",
       legacy(good,
              "](K\x05"
              "e",
              counted_floats(4)),
       "no tensor uses"},
      {"LegacyKeyTwice",
       legacy(good, "](" + text("0") + text("0") + "e", counted_floats(4) + counted_floats(4)),
       "same storage twice"},
      {"LegacyKeyMissing", legacy(good, "]", ""), "lacks the storage"},
      {"LegacyAnotherCount", legacy(good, key, counted_floats(3)), "3 elements instead of 4"},
      {"LegacyCountOf2To63", legacy(one_tensor(0, {4}, {1}, INT64_MAX), key, counted_floats(INT64_MAX)),
       "cut short"},
      {"LegacyTwoDescriptions",
       legacy(pickled(dict({{"w", tensor(storage("FloatStorage", "0", 4), 0, {4}, {1})},
                            {"v", tensor(storage("ByteStorage", "0", 16), 0, {4}, {1})}})),
              key, counted_floats(4)),
       "in two ways"},
  };
}

class PthRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(PthRefusal, NamesTheReason) {
  const test::TemporaryFolder folder;
  const auto path = folder.write("m.pth", GetParam().bytes);
  const std::string message = error_of([&] { read_pth(path); });
  EXPECT_THAT(message, HasSubstr(GetParam().problem));
  EXPECT_THAT(message, HasSubstr("m.pth"));
}

INSTANTIATE_TEST_SUITE_P(Weights, PthRefusal, testing::ValuesIn(pth_refusals()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(Pth, UnfoldingManyTensorsReachesALimit) {
  // Each alone is within the limit; together they are not.
  const std::string memory = storage("FloatStorage", "0", 4);
  std::vector<std::pair<std::string, std::string>> tensors;
  for (int i = 0; i < 100; ++i) tensors.emplace_back(std::to_string(i), tensor(memory, 0, {1 << 18}, {0}));
  const test::TemporaryFolder folder;
  const auto path = folder.write("m.pth", archive(pickled(dict(tensors))));
  EXPECT_THAT(error_of([&] { read_pth(path); }), HasSubstr("out of proportion"));
}

}  // namespace
}  // namespace graft
