// Options, each declared once. A stage's options are a plain struct; the table below it has one line per
// field:
//
//   struct SgdOptions { double lr = 0.001; double momentum = 0.9; };
//   inline constexpr auto sgd_options = options_of<SgdOptions>(
//       option<&SgdOptions::lr>(0, 10, "learning rate"),
//       option<&SgdOptions::momentum>(0, 1, "momentum"));
//
// `section("Optimiser")` as a line of its own puts a heading over the lines after it, in help texts and
// documents. options_of does not compile if a field has no line. Flags, config.json, range checks and
// documents are generated from the table (for_each_option): no name, default or range is repeated.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace graft {

// The names of an enumeration's values, in the order of the values 0, 1, …; specialise it for an enum that is
// the type of an option.
template <class Enum>
struct EnumNames;  // static constexpr std::array<const char*, n> names

namespace option_detail {

template <auto Member>
constexpr std::string_view member_name() {
  // "… [with auto Member = &graft::SgdOptions::lr; …]" (GCC), "… [Member = &graft::SgdOptions::lr]" (Clang)
  std::string_view text = __PRETTY_FUNCTION__;
  text = text.substr(0, text.find_first_of(";]", text.find("Member = ")));
  text = text.substr(text.rfind("::") + 2);
  return text.substr(0, text.find(')'));
}

template <class T>
struct MemberOf;
template <class Class, class Value>
struct MemberOf<Value Class::*> {
  using class_type = Class;
  using value_type = Value;
};

struct AnyField {
  template <class T>
  constexpr operator T() const;  // NOLINT(google-explicit-constructor): converts to any field's type
};

// How many fields an aggregate has: the largest number of initialisers that compiles.
template <class T, class... Fields>
constexpr std::size_t field_count() {
  if constexpr (requires { T{Fields{}..., AnyField{}}; }) {
    return field_count<T, Fields..., AnyField>();
  } else {
    return sizeof...(Fields);
  }
}

}  // namespace option_detail

// One field: its range (numbers only; both ends included) and its meaning.
template <auto Member>
struct Option {
  static constexpr auto member = Member;
  static constexpr std::string_view name = option_detail::member_name<Member>();
  using Value = typename option_detail::MemberOf<decltype(Member)>::value_type;
  double min, max;
  const char* help;
};

template <auto Member>
constexpr Option<Member> option(const char* help) {
  return {0, 0, help};
}
template <auto Member>
constexpr Option<Member> option(double min, double max, const char* help) {
  return {min, max, help};
}

// A field that is itself a struct with a table of its own.
template <auto Member, class Table>
struct OptionGroup {
  static constexpr auto member = Member;
  Table table;
};
template <auto Member, class Table>
constexpr OptionGroup<Member, Table> group(Table table) {
  return {table};
}

// A heading over the lines that follow, to the next heading or the end of its table.
struct Section {
  const char* title;
};
constexpr Section section(const char* title) { return {title}; }

template <class Struct, class... Lines>
constexpr std::tuple<Lines...> options_of(Lines... lines) {
  constexpr std::size_t headings = (std::size_t{0} + ... + std::size_t{std::is_same_v<Lines, Section>});
  static_assert(option_detail::field_count<Struct>() == sizeof...(Lines) - headings,
                "every field needs one line of the table");
  return {lines...};
}

// An enumeration's value by name.
struct EnumRef {
  void* value;
  int (*get)(const void*);
  void (*set)(void*, int);
  std::span<const char* const> names;

  std::string name() const { return names[static_cast<std::size_t>(get(value))]; }
};

// How messages name an option: "`batch_size`". A program with other names for its options, such as flags,
// substitutes them for the quoted ones.
std::string quoted_option(std::string_view name);

// One option of one struct in memory, as passed to visitors.
struct OptionRef {
  std::string name;  // "batch_size"
  std::string help;
  std::string section;  // its heading; empty if there is none
  double min = 0, max = 0;
  std::variant<int*, std::int64_t*, std::uint64_t*, double*, bool*, std::string*, EnumRef> value;

  std::string text() const;  // the value as text
  // Sets the value from text. Throws UsageError, which names the option, the value and what is allowed.
  void set(const std::string& text) const;
  // Throws UsageError if a number is outside its range or NaN.
  void check() const;
  void copy_from(const OptionRef& other) const;
};

namespace option_detail {

template <class Value>
auto reference(Value& value) {
  if constexpr (std::is_enum_v<Value>) {
    return EnumRef{&value, [](const void* p) { return static_cast<int>(*static_cast<const Value*>(p)); },
                   [](void* p, int v) { *static_cast<Value*>(p) = static_cast<Value>(v); },
                   EnumNames<Value>::names};
  } else {
    return &value;
  }
}

// The options found so far, and the current heading.
struct Collected {
  std::vector<OptionRef> options;
  std::string section;
};

template <class Struct, auto Member>
void collect(Struct& object, const Option<Member>& line, Collected& out) {
  out.options.push_back(
      {std::string(line.name), line.help, out.section, line.min, line.max, reference(object.*Member)});
}
template <class Struct>
void collect(Struct&, const Section& heading, Collected& out) {
  out.section = heading.title;
}
template <class Struct, auto Member, class Table>
void collect(Struct& object, const OptionGroup<Member, Table>& line, Collected& out) {
  const std::string section = out.section;
  std::apply([&](const auto&... lines) { (collect(object.*Member, lines, out), ...); }, line.table);
  out.section = section;
}

}  // namespace option_detail

// Every option of `object`, groups flattened, in the order of the tables. The references are valid while
// `object` lives.
template <class Struct, class Table>
std::vector<OptionRef> options_in(Struct& object, const Table& table) {
  option_detail::Collected out;
  std::apply([&](const auto&... lines) { (option_detail::collect(object, lines, out), ...); }, table);
  return std::move(out.options);
}

// Options that were set by name, as opposed to those that keep their defaults.

// Names of options ("batch_size") and their values as text, in the order given; the last value of a name
// wins.
using GivenOptions = std::vector<std::pair<std::string, std::string>>;

// Sets the options of `given` that `options` contains. Throws UsageError.
void apply_options(const std::vector<OptionRef>& options, const GivenOptions& given);

// The last value given for `name`, or `otherwise`.
std::string given_or(const GivenOptions& given, const std::string& name, const std::string& otherwise);
bool is_given(const GivenOptions& given, const std::string& name);

// The names without the values.
std::vector<std::string> names_of(const GivenOptions& given);

}  // namespace graft
