#include "graft/weights/pickle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/error_of.h"
#include "tests/weights/pickle_bytes.h"
#include "tests/weights/refusal.h"
#include "tests/weights/zip_bytes.h"

namespace graft::pickle {
namespace {

using test::call;
using test::error_of;
using test::global;
using test::integer;
using test::integers;
using test::pickled;
using test::put;
using test::Refusal;
using test::storage;
using test::tensor;
using test::text;
using test::tuple;
using testing::HasSubstr;
using std::string_literals::operator""s;

Document read_text(const std::string& bytes) {
  return read({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, "model.pth");
}

std::int64_t integer_in(const std::string& body) {
  const std::string bytes = pickled(body);
  const Document document = read_text(bytes);
  return *document.as<std::int64_t>(document.root);
}

TEST(Pickle, ReadsNumbersOfEveryWidthAndSign) {
  EXPECT_EQ(integer_in("K\xFF"), 255);
  EXPECT_EQ(integer_in("M\xFF\xFF"), 65535);
  EXPECT_EQ(integer_in("J\xFF\xFF\xFF\xFF"), -1);
  EXPECT_EQ(integer_in("\x8a\0"s), 0);
  EXPECT_EQ(integer_in("\x8a\x01\x80"), -128);
  EXPECT_EQ(integer_in("\x8a\x02\x80\0"s), 128);
  EXPECT_EQ(integer_in("\x8b\x02\0\0\0\x80\xFF"s), -128);
  EXPECT_EQ(integer_in(integer(INT64_MIN)), INT64_MIN);
  const std::string real = pickled("G\xBF\xF8\0\0\0\0\0\0"s);
  const Document document = read_text(real);
  EXPECT_EQ(*document.as<double>(document.root), -1.5);
}

TEST(Pickle, ReadsContainersAndWhatTheMemoShares) {
  // [("x", True), ("x", True)] with the tuple in the memo, under protocol 4's opcodes.
  const std::string bytes = "\x80\x04\x95\x0E\0\0\0\0\0\0\0]\x94(\x8c\x01x\x94\x88\x86\x94h\x02"s + "e.";
  const Document document = read_text(bytes);
  const List* list = document.as<List>(document.root);
  ASSERT_NE(list, nullptr);
  ASSERT_EQ(list->items.size(), 2U);
  EXPECT_EQ(list->items[0], list->items[1]);
  const List* pair = document.as<List>(list->items[0]);
  ASSERT_EQ(pair->items.size(), 2U);
  EXPECT_EQ(document.as<Text>(pair->items[0])->text, "x");
  EXPECT_TRUE(*document.as<bool>(pair->items[1]));
  EXPECT_EQ(document.consumed, bytes.size());
}

TEST(Pickle, ReadsTheOrderedDictOfPython2AndItsTexts) {
  const std::string pairs =
      "](](U\x03keyK\x05"
      "ee";
  const std::string bytes = pickled(call(global("collections", "OrderedDict"), pairs + "\x85"));
  const Document document = read_text(bytes);
  const Dict* dict = document.as<Dict>(document.root);
  ASSERT_NE(dict, nullptr);
  ASSERT_EQ(dict->items.size(), 1U);
  EXPECT_EQ(document.as<Text>(dict->items[0].first)->text, "key");
}

TEST(Pickle, ReadsATensorAndAParameter) {
  const std::string plain = tensor(storage("HalfStorage", "7", 12), 2, {2, 3}, {3, 1});
  const std::string parameter =
      call(global("torch._utils", "_rebuild_parameter"), tuple({plain, "\x88", "}"}));
  for (const std::string& body : {plain, parameter}) {
    const std::string bytes = pickled(body);
    const Document document = read_text(bytes);
    const Tensor* read = document.as<Tensor>(document.root);
    ASSERT_NE(read, nullptr);
    EXPECT_EQ(read->offset, 2);
    EXPECT_EQ(read->shape, (std::vector<std::int64_t>{2, 3}));
    const Storage* memory = document.as<Storage>(read->storage);
    EXPECT_EQ(memory->dtype, DType::float16);
    EXPECT_EQ(memory->key, "7");
    EXPECT_EQ(memory->count, 12);
  }
}

TEST(Pickle, IgnoresTheAttributesOfADict) {
  for (const char* attribute : {"_metadata", "__class__"}) {
    const std::string bytes = pickled("}"s + test::dict({{attribute, "}"}}) + "b");
    const Document document = read_text(bytes);
    EXPECT_TRUE(document.as<Dict>(document.root)->items.empty());
  }
}

// The name of the placeholder that `body` makes.
std::string placeholder(const std::string& body) {
  const std::string bytes = pickled(body);
  const Document document = read_text(bytes);
  return document.as<Object>(document.root) == nullptr ? "none" : foreign_name(document, document.root);
}

TEST(Pickle, MakesPlaceholdersForUnknownNames) {
  EXPECT_EQ(placeholder(call(global("posix", "system"), tuple({text("true")}))), "posix.system");
  EXPECT_EQ(placeholder(global("argparse", "Namespace") + ")\x81" + test::dict({{"lr", "K\x01"}}) + "b"),
            "argparse.Namespace");
  EXPECT_EQ(placeholder(global("m", "New") + ")}\x92"), "m.New");
  EXPECT_EQ(placeholder(call(call(global("builtins", "getattr"), tuple({text("x")})), ")")),
            "builtins.getattr");
  EXPECT_EQ(placeholder(call(global("collections", "deque"), ")") + "(K\x01" + "e"), "collections.deque");
  EXPECT_EQ(placeholder(call(global("numpy", "dtype"), ")") + tuple({"K\x03"}) + "b"), "numpy.dtype");
  EXPECT_EQ(placeholder(call(global("torch._utils", "_rebuild_qtensor"), ")")),
            "torch._utils._rebuild_qtensor");
  EXPECT_EQ(placeholder(call(global("a\x1b[2J", "b"), ")")), "a?[2J.b");
}

TEST(Pickle, NamesTensorsThatAreNotRead) {
  const auto kind = [](const char* function) {
    const std::string bytes = pickled(call(global("torch._utils", function), ")"));
    const Document document = read_text(bytes);
    EXPECT_TRUE(is_unread_tensor(document, document.root)) << function;
    return kind_name(document, document.root);
  };
  EXPECT_EQ(kind("_rebuild_tensor_v3"), "a tensor of another type, such as 8-bit floating point");
  EXPECT_EQ(kind("_rebuild_meta_tensor_no_storage"), "a tensor without values, of the device meta");
  EXPECT_EQ(kind("_rebuild_qtensor"), "a quantized tensor");
  const std::string bytes = pickled(call(global("posix", "system"), ")"));
  const Document document = read_text(bytes);
  EXPECT_FALSE(is_unread_tensor(document, document.root));
  EXPECT_EQ(kind_name(document, document.root), "an object of posix.system");
}

TEST(Pickle, APlaceholderHoldsItemsAndAttributes) {
  const std::string bytes = pickled(call(global("collections", "defaultdict"), ")") + "(" + text("k") +
                                    "K\x05u" + test::dict({{"x", "K\x01"}}) + "b");
  const Document document = read_text(bytes);
  const auto* items = items_of(document.values[document.root]);
  ASSERT_NE(items, nullptr);
  ASSERT_EQ(items->size(), 1U);
  EXPECT_EQ(document.as<Text>(items->front().first)->text, "k");
  EXPECT_EQ(document.as<Dict>(*document.as<Object>(document.root)->state)->items.size(), 1U);
}

TEST(Pickle, ReadsATensorWithAttributesOrOfAClass) {
  const std::string memory = storage("FloatStorage", "0", 4);
  const std::string arguments = tuple({memory, integer(1), integers({2}), integers({1}), "\x89", "}"});
  const std::string bytes = pickled(
      call(global("torch._tensor", "_rebuild_from_type_v2"),
           tuple({global("torch._utils", "_rebuild_tensor_v2"), global("m", "Sub"), arguments, "}"})));
  const Document document = read_text(bytes);
  ASSERT_NE(document.as<Tensor>(document.root), nullptr);
  EXPECT_EQ(document.as<Tensor>(document.root)->offset, 1);
}

TEST(Pickle, ReadsTheClassOfAWholeModuleBefore16) {
  EXPECT_EQ(
      placeholder(tuple({text("module"), global("m", "Net"), text("net.py"), text("source")}) + "Q)\x81"),
      "m.Net");
}

std::string repeated(const std::string& piece, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += piece;
  return out;
}

std::string tensor_call(const std::vector<std::string>& arguments) {
  return pickled(call(global("torch._utils", "_rebuild_tensor_v2"), tuple(arguments)));
}

std::vector<Refusal> pickle_refusals() {
  const std::string memory = storage("FloatStorage", "0", 4), ordered = global("collections", "OrderedDict");
  return {
      // Names
      {"TextPickle", "cposix\nsystem\n(S'true'\ntR.", "refers to \"posix.system\", which is not executed"},
      {"NameOfNumbers", pickled("K\x01K\x02\x93"), "without a name"},
      // Calls
      {"CallOfAText", pickled(text("os.system") + ")R"), "not a function"},
      {"CallOfAStorageClass", pickled(global("torch", "FloatStorage") + ")R"), "calls FloatStorage"},
      {"CallWithoutATuple", pickled(ordered + "K\x01R"), "not a function"},
      {"NewObjectOfAText", pickled(text("os") + ")\x81"), "not a class"},
      {"NewObjectOfATextWithKeywords", pickled(text("os") + ")}\x92"), "not a class"},
      {"Inst", pickled("(ios\nsystem\n"), "makes an object"},
      {"Obj", pickled("(" + ordered + "o"), "makes an object"},
      {"Extension", pickled("\x82\x01"), "refers to an extension"},
      {"AttributesOfATensor", pickled(tensor(memory, 0, {2}, {1}) + "}b"), "sets attributes"},
      {"AttributesOfAClass", pickled(ordered + "}b"), "sets attributes"},
      {"PersistentText", pickled("Pname\n"), "instruction"},
      {"OutOfBandBuffer", pickled("\x97"), "instruction"},
      {"UnknownOpcode", pickled("\xFE"), "instruction"},
      {"Protocol0", "I1\n.", "instruction"},
      {"Protocol9", "\x80\x09K\x01.", "protocol 9"},
      // The stack and the memo
      {"NothingToStop", "\x80\x02.", "more values than are on its stack"},
      {"TupleOfNothing", pickled("\x86"), "more values than are on its stack"},
      {"BelowTheMark", pickled("K\x01(\x85t"), "more values than are on its stack"},
      {"NoMark", pickled("t"), "not begun"},
      {"NeverRemembered", pickled("h\x05"), "never stored"},
      {"AbsurdMemo", pickled("K\x01r\xFF\xFF\xFF\xFF"), "impossible memo number"},
      {"AppendToANumber",
       pickled("K\x01K\x02"
               "a"),
       "not a list"},
      {"ItemOfAList", pickled("]K\x01K\x02s"), "not a dict"},
      {"OddItems", pickled("}(K\x01u"), "not a dict"},
      {"DeepMarks", pickled(repeated("(", 100'000)), "nested more than"},
      // Lengths
      {"TextPastEnd",
       "\x80\x02X\xFF\xFF\xFF\x7F"
       "a.",
       "cut short"},
      {"TextOf2To63",
       "\x80\x04\x8d\0\0\0\0\0\0\0"s + "\x80"
                                       "a.",
       "cut short"},
      {"FramePastEnd", "\x80\x04\x95\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s + "\x7FN.", "cut short"},
      {"NoStop", "\x80\x02N", "cut short"},
      {"NoNewline",
       "\x80\x02"
       "cposix",
       "cut short"},
      // Tensors
      {"NegativeStride", pickled(tensor(memory, 0, {2}, {-1})), "negative"},
      {"NegativeSize", pickled(tensor(memory, 0, {-2}, {1})), "negative"},
      {"NegativeOffset", pickled(tensor(memory, -1, {2}, {1})), "begins before"},
      {"NegativeCount", pickled(storage("FloatStorage", "0", -4)), "describes a storage incorrectly"},
      {"LongKey", pickled(storage("FloatStorage", std::string(101, '0'), 4)),
       "describes a storage incorrectly"},
      {"MoreSizesThanStrides", pickled(tensor(memory, 0, {2, 2}, {1})), "more sizes than strides"},
      {"ManyDimensions",
       pickled(tensor(memory, 0, std::vector<std::int64_t>(65, 1), std::vector<std::int64_t>(65, 1))),
       "proper shape"},
      {"SizeIsAText", tensor_call({memory, integer(0), tuple({text("2")}), integers({1}), "\x89", "}"}),
       "negative or absent"},
      {"NoStorage", tensor_call({integer(1), integer(0), ")", ")", "\x89", "}"}), "without a storage"},
      {"TooFewArguments", tensor_call({memory, integer(0)}), "without a storage"},
      {"UnknownStorageClass", pickled(storage("EvilStorage", "0", 4)), "torch.EvilStorage"},
      {"StorageOfAnotherKind", pickled(tuple({text("module"), text("a")}) + "Q"),
       "a persistent id that is not a storage"},
      {"StorageInsideAnother",
       pickled(tuple({text("storage"), global("torch", "FloatStorage"), text("0"), text("cpu"), integer(4),
                      tuple({text("1"), integer(0), integer(2)})}) +
               "Q"),
       "before 0.4"},
      {"ParameterOfANumber", pickled(call(global("torch._utils", "_rebuild_parameter"), tuple({integer(1)}))),
       "parameter without a tensor"},
      {"DictOfNoPairs", pickled(call(ordered, tuple({tuple({integer(1)})}))), "made of pairs"},
  };
}

class PickleRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(PickleRefusal, NamesTheReason) {
  const std::string message = error_of([] { read_text(GetParam().bytes); });
  EXPECT_THAT(message, testing::ContainsRegex(GetParam().problem));
  EXPECT_THAT(message, HasSubstr("model.pth: "));
}

INSTANTIATE_TEST_SUITE_P(Weights, PickleRefusal, testing::ValuesIn(pickle_refusals()),
                         [](const auto& test) { return std::string(test.param.name); });

// Time and memory are in proportion to the file: there is no traversal and no recursion.

TEST(Pickle, DoubleReferencesAtEveryLevelCostNothing) {
  std::string body = "]q";
  body += '\0';
  for (int level = 1; level < 200; ++level) {  // a list of the list before, twice: 2^200 paths to the first
    const std::string before(1, static_cast<char>(level - 1)), here(1, static_cast<char>(level));
    body += "](h"s + before + "h"s + before + "eq"s + here;
  }
  const std::string bytes = pickled(body);
  const Document document = read_text(bytes);
  EXPECT_EQ(document.as<List>(document.root)->items.size(), 2U);
}

TEST(Pickle, NestingAndCyclesNeedNoDepth) {
  const std::string nested = pickled(repeated("]", 500'000) + repeated("a", 499'999));
  EXPECT_EQ(read_text(nested).values.size(), 500'000U);
  const std::string tuples = pickled(")"s + repeated("\x85", 500'000));
  EXPECT_EQ(read_text(tuples).values.size(), 500'001U);
  const std::string cycle = pickled("]q\0h\0"s + "a");
  EXPECT_EQ(read_text(cycle).values.size(), 1U);
}

TEST(Pickle, CopyingOneListAgainAndAgainReachesALimit) {
  std::string pairs = "](";
  for (int i = 0; i < 10'000; ++i) pairs += "NN\x86";
  const std::string copy = global("collections", "OrderedDict") + "h\1\x85R0";
  const std::string bytes = pickled(pairs + "eq\1" + repeated(copy, 10'000));
  EXPECT_THAT(error_of([&] { read_text(bytes); }), HasSubstr("values in containers"));
}

// A tensor with memoized arguments is five bytes in the file and a kilobyte of sizes and strides in memory.
TEST(Pickle, TensorsOfManySizesReachALimit) {
  const std::string sizes = integers(std::vector<std::int64_t>(64, 1));
  const std::string arguments = tuple({storage("FloatStorage", "0", 4), integer(0), sizes, sizes});
  const std::string first = global("torch._utils", "_rebuild_tensor") + "q\1" + arguments + "q\2R0";
  const std::string bytes = pickled(first + repeated("h\1h\2R0", 40'000));
  EXPECT_THAT(error_of([&] { read_text(bytes); }), HasSubstr("values in containers"));
}

TEST(Pickle, OpcodesReachALimit) {
  EXPECT_THAT(error_of([] { read_text(repeated("N", 3'000'000)); }), HasSubstr("opcodes"));
}

}  // namespace
}  // namespace graft::pickle
