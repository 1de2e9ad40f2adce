#include "graft/weights/pickle.h"

#include <algorithm>
#include <array>
#include <bit>

#include "graft/core/error.h"
#include "graft/core/escape.h"
#include "graft/weights/byte_reader.h"
#include "graft/weights/pickle_build.h"
#include "graft/weights/pickle_globals.h"
#include "graft/weights/pickle_stack.h"

namespace graft::pickle {
namespace {

// A ResNet-18's pickle has 4,000 opcodes, a checkpoint of a very large network with its optimizer 200,000.
constexpr std::size_t max_opcodes = 2'000'000;

// The opcodes, with the names of Python's pickletools.
enum Opcode : std::uint8_t {
  MARK = '(',
  STOP = '.',
  POP = '0',
  POP_MARK = '1',
  DUP = '2',
  BINBYTES = 'B',
  SHORT_BINBYTES = 'C',
  BINFLOAT = 'G',
  BININT = 'J',
  BININT1 = 'K',
  BININT2 = 'M',
  NONE = 'N',
  BINPERSID = 'Q',
  REDUCE = 'R',
  BINSTRING = 'T',
  SHORT_BINSTRING = 'U',
  BINUNICODE = 'X',
  EMPTY_LIST = ']',
  EMPTY_DICT = '}',
  EMPTY_TUPLE = ')',
  APPEND = 'a',
  BUILD = 'b',
  GLOBAL = 'c',
  DICT = 'd',
  APPENDS = 'e',
  BINGET = 'h',
  INST = 'i',
  LONG_BINGET = 'j',
  LIST = 'l',
  OBJ = 'o',
  BINPUT = 'q',
  LONG_BINPUT = 'r',
  SETITEM = 's',
  TUPLE = 't',
  SETITEMS = 'u',
  PROTO = 0x80,
  NEWOBJ = 0x81,
  EXT1 = 0x82,
  EXT2 = 0x83,
  EXT4 = 0x84,
  TUPLE1 = 0x85,
  TUPLE2 = 0x86,
  TUPLE3 = 0x87,
  NEWTRUE = 0x88,
  NEWFALSE = 0x89,
  LONG1 = 0x8A,
  LONG4 = 0x8B,
  SHORT_BINUNICODE = 0x8C,
  BINUNICODE8 = 0x8D,
  BINBYTES8 = 0x8E,
  EMPTY_SET = 0x8F,
  ADDITEMS = 0x90,
  FROZENSET = 0x91,
  NEWOBJ_EX = 0x92,
  STACK_GLOBAL = 0x93,
  MEMOIZE = 0x94,
  FRAME = 0x95,
  BYTEARRAY8 = 0x96,
};

class Reader {
 public:
  Reader(std::span<const std::uint8_t> bytes, const std::string& where)
      : bytes_(bytes), in_(bytes, where), where_(where), stack_(where) {}

  Document read() {
    for (std::size_t count = 0; count < max_opcodes; ++count) {
      const auto opcode = in_.number<std::uint8_t>();
      if (opcode == STOP) {
        stack_.document().root = stack_.pop();
        stack_.document().consumed = in_.position();
        return std::move(stack_.document());
      }
      if (!step_scalar(opcode) && !step_container(opcode) && !step_memo(opcode) && !step_object(opcode)) {
        refuse_opcode(opcode);
      }
    }
    refuse("has more than " + std::to_string(max_opcodes) + " pickle opcodes");
  }

 private:
  [[noreturn]] void refuse(const std::string& problem) const {
    throw Error(where_, problem, "load only state dicts: torch.save(model.state_dict(), …)");
  }

  // For opcodes of protocols 0 and 1, extensions and out-of-band buffers, which torch.save does not write.
  [[noreturn]] void refuse_opcode(std::uint8_t opcode) const {
    const std::string code =
        " (pickle opcode " + std::to_string(opcode) + "), which torch.save does not write";
    const std::string asks =
        foreign_.empty() ? "" : "refers to \"" + foreign_ + "\", which is not executed, and ";
    if (opcode == INST || opcode == OBJ) refuse(asks + "makes an object" + code);
    if (opcode >= EXT1 && opcode <= EXT4) refuse(asks + "refers to an extension" + code);
    refuse(asks + "has an instruction" + code);
  }

  // Each step_… executes the opcode and returns true, or returns false if the opcode belongs to another
  // group.

  // Numbers, strings and other constants.
  bool step_scalar(std::uint8_t opcode) {
    switch (opcode) {
      case PROTO:
        return check_protocol(in_.number<std::uint8_t>());
      case FRAME:  // a hint for streaming readers
        return check_frame(in_.number<std::uint64_t>());
      case NONE:
        return push(None{});
      case NEWTRUE:
      case NEWFALSE:
        return push(opcode == NEWTRUE);
      case BININT:
        return push(std::int64_t{in_.number<std::int32_t>()});
      case BININT1:
        return push(std::int64_t{in_.number<std::uint8_t>()});
      case BININT2:
        return push(std::int64_t{in_.number<std::uint16_t>()});
      case LONG1:
        return push(long_number(in_.text(in_.number<std::uint8_t>())));
      case LONG4:
        return push(long_number(in_.text(in_.number<std::uint32_t>())));
      case BINFLOAT:
        return push(big_endian_double());
      case SHORT_BINSTRING:  // a string of Python 2
      case SHORT_BINUNICODE:
        return push(Text{in_.text(in_.number<std::uint8_t>())});
      case BINSTRING:
      case BINUNICODE:
        return push(Text{in_.text(in_.number<std::uint32_t>())});
      case BINUNICODE8:
        return push(Text{in_.text(in_.number<std::uint64_t>())});
      case SHORT_BINBYTES:
        return push(Opaque{in_.text(in_.number<std::uint8_t>())});
      case BINBYTES:
        return push(Opaque{in_.text(in_.number<std::uint32_t>())});
      case BINBYTES8:
      case BYTEARRAY8:
        return push(Opaque{in_.text(in_.number<std::uint64_t>())});
      default:
        return false;
    }
  }

  bool step_container(std::uint8_t opcode) {
    switch (opcode) {
      case MARK:
        return stack_.mark(), true;
      case POP:
        return stack_.drop(), true;
      case POP_MARK:
        return stack_.pop_to_mark(), true;
      case DUP:
        return stack_.duplicate(), true;
      case EMPTY_LIST:
      case EMPTY_TUPLE:
      case EMPTY_SET:
        return push(List{});
      case EMPTY_DICT:
        return push(Dict{});
      case LIST:
      case TUPLE:
      case FROZENSET:
        return push(List{stack_.pop_to_mark()});
      case TUPLE1:
      case TUPLE2:
      case TUPLE3:
        return push(List{stack_.pop(std::size_t{opcode} - TUPLE1 + 1)});
      case DICT: {
        const auto items = stack_.pop_to_mark();
        push(Dict{});
        return stack_.set_items(items), true;
      }
      case APPEND:
        return stack_.append(stack_.pop(1)), true;
      case APPENDS:
      case ADDITEMS:
        return stack_.append(stack_.pop_to_mark()), true;
      case SETITEM:
        return stack_.set_items(stack_.pop(2)), true;
      case SETITEMS:
        return stack_.set_items(stack_.pop_to_mark()), true;
      default:
        return false;
    }
  }

  bool step_memo(std::uint8_t opcode) {
    switch (opcode) {
      case BINPUT:
        return stack_.remember(in_.number<std::uint8_t>()), true;
      case LONG_BINPUT:
        return stack_.remember(in_.number<std::uint32_t>()), true;
      case MEMOIZE:
        return stack_.remember_next(), true;
      case BINGET:
        return stack_.recall(in_.number<std::uint8_t>()), true;
      case LONG_BINGET:
        return stack_.recall(in_.number<std::uint32_t>()), true;
      default:
        return false;
    }
  }

  // Opcodes that look up a name or call something in Python.
  bool step_object(std::uint8_t opcode) {
    switch (opcode) {
      case GLOBAL: {
        const std::string_view module = line();
        return push_global(module, line());
      }
      case STACK_GLOBAL: {
        const auto names = stack_.pop(2);
        const Text* module = stack_.document().as<Text>(names[0]);
        const Text* name = stack_.document().as<Text>(names[1]);
        if (module == nullptr || name == nullptr) refuse("refers to a function or class without a name");
        return push_global(module->text, name->text);
      }
      case REDUCE: {
        const auto operands = stack_.pop(2);
        return push(call(stack_.document(), operands[0], operands[1], where_));
      }
      case NEWOBJ:
        return push(make_object(stack_.document(), stack_.pop(2)[0], where_));
      case NEWOBJ_EX:
        return push(make_object(stack_.document(), stack_.pop(3)[0], where_));
      case BINPERSID:
        return push(resolve(stack_.document(), stack_.pop(), where_));
      case BUILD: {
        const Index state = stack_.pop();
        return set_state(stack_.document(), stack_.top(), state, where_), true;
      }
      default:
        return false;
    }
  }

  bool push(Value value) { return stack_.push(std::move(value)), true; }

  bool push_global(std::string_view module, std::string_view name) {
    const Global global = find_global(module, name);
    if (global.kind == Global::other)
      foreign_ = printable(std::string(module.substr(0, 100)) + "." + std::string(name.substr(0, 100)));
    return push(global);
  }

  bool check_protocol(int protocol) const {
    if (protocol >= 2 && protocol <= 5) return true;
    refuse("is written in pickle protocol " + std::to_string(protocol) + ", not 2 to 5");
  }

  bool check_frame(std::uint64_t length) const {
    if (length <= in_.left()) return true;
    throw Error(where_, "is cut short: a pickle frame ends past the end of the file",
                "fetch or copy it again");
  }

  std::string_view line() {
    const auto rest = bytes_.subspan(in_.position());
    const auto end = std::find(rest.begin(), rest.end(), static_cast<std::uint8_t>('\n'));
    const std::string_view text = in_.text(static_cast<std::size_t>(end - rest.begin()));
    in_.take(1);
    return text;
  }

  // Two's complement, little-endian, of any length.
  static Value long_number(std::string_view bytes) {
    if (bytes.size() > 8) return Opaque{bytes};
    const bool negative = !bytes.empty() && (static_cast<unsigned char>(bytes.back()) & 0x80) != 0;
    std::uint64_t value = negative ? ~std::uint64_t{0} : 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(bytes[i]);
    return static_cast<std::int64_t>(value);
  }

  double big_endian_double() {
    std::uint64_t bits = 0;
    for (const std::uint8_t byte : in_.take(8)) bits = bits << 8 | byte;
    return std::bit_cast<double>(bits);
  }

  std::span<const std::uint8_t> bytes_;
  ByteReader in_;
  const std::string& where_;
  std::string foreign_;  // the last unknown name that the file refers to
  Stack stack_;
};

}  // namespace

Document read(std::span<const std::uint8_t> bytes, const std::string& where) {
  return Reader(bytes, where).read();
}

const std::vector<std::pair<Index, Index>>* items_of(const Value& value) {
  if (const Dict* dict = std::get_if<Dict>(&value)) return &dict->items;
  if (const Object* object = std::get_if<Object>(&value)) return &object->items;
  return nullptr;
}

namespace {

// Functions of torch._utils that make tensors which graft does not read.
constexpr std::array<std::pair<std::string_view, const char*>, 5> unread_tensors = {
    {{"torch._utils._rebuild_tensor_v3", "a tensor of another type, such as 8-bit floating point"},
     {"torch._utils._rebuild_meta_tensor_no_storage", "a tensor without values, of the device meta"},
     {"torch._utils._rebuild_qtensor", "a quantized tensor"},
     {"torch._utils._rebuild_sparse_tensor", "a sparse tensor"},
     {"torch._utils._rebuild_nested_tensor", "a nested tensor"}}};

const char* unread_tensor(const Document& document, Index index) {
  const std::string maker = document.as<Object>(index) != nullptr ? foreign_name(document, index) : "";
  const auto* found = std::find_if(unread_tensors.begin(), unread_tensors.end(),
                                   [&](const auto& each) { return each.first == maker; });
  return found == unread_tensors.end() ? nullptr : found->second;
}

}  // namespace

bool is_unread_tensor(const Document& document, Index index) {
  return unread_tensor(document, index) != nullptr;
}

std::string kind_name(const Document& document, Index index) {
  if (const char* tensor = unread_tensor(document, index)) return tensor;
  static constexpr std::array names = {"nothing",   "a truth value", "a number",  "a number",
                                       "a text",    "a value",       "a list",    "a dict",
                                       "a storage", "a tensor",      "the name ", "an object of "};
  static_assert(names.size() == std::variant_size_v<Value>);
  return names[document.values[index].index()] + foreign_name(document, index);
}

std::string foreign_name(const Document& document, Index index) {
  if (const Object* object = document.as<Object>(index)) index = object->type;
  const Global* global = document.as<Global>(index);
  if (global == nullptr) return "";
  return printable(std::string(global->module.substr(0, 100)) + "." +
                   std::string(global->name.substr(0, 100)));
}

}  // namespace graft::pickle
