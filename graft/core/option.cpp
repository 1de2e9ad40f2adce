#include "graft/core/option.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "graft/core/error.h"
#include "graft/core/text.h"

namespace graft {
namespace {

// The shortest text that reads as the same number; integers have all their digits (1000000, not 1e+06).
std::string shortest(double value) {
  std::array<char, 32> buffer;
  const bool whole = std::abs(value) < 1e15 && value == std::trunc(value);
  const auto end =
      whole ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed).ptr
            : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

template <class Number>
bool is_number(const std::string& text) {
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size();
}

bool is_whole(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// For a number with a decimal comma.
std::string number_advice(const std::string& text) {
  std::string with_point = text;
  std::replace(with_point.begin(), with_point.end(), ',', '.');
  return with_point != text && is_number<double>(with_point) ? "write " + with_point : "";
}

template <class Number>
Number parse_number(const OptionRef& option, const std::string& text) {
  Number value{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole_text = end == text.data() + text.size();
  if (code == std::errc() && whole_text) return value;
  if (code == std::errc::result_out_of_range && whole_text) {
    throw UsageError(quoted_option(option.name),
                     "\"" + text + "\" is outside " +
                         (option.min < option.max ? shortest(option.min) + " to " + shortest(option.max)
                                                  : "the range of a 64-bit number"));
  }
  if (std::is_unsigned_v<Number> && text.starts_with('-') && is_whole(text.substr(1)))
    throw UsageError(quoted_option(option.name), "\"" + text + "\" is below 0");
  throw UsageError(quoted_option(option.name),
                   "\"" + text + "\" is not " + (std::is_integral_v<Number> ? "a whole number" : "a number"),
                   std::is_integral_v<Number> ? "" : number_advice(text));
}

void set_enum(const OptionRef& option, const EnumRef& target, const std::string& text) {
  const std::vector<std::string> names(target.names.begin(), target.names.end());
  const auto found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) {
    throw UsageError(quoted_option(option.name), "\"" + text + "\" is not one of " + join(names, ", "),
                     did_you_mean(text, names));
  }
  target.set(target.value, static_cast<int>(found - names.begin()));
}

}  // namespace

std::string quoted_option(std::string_view name) { return "`" + std::string(name) + "`"; }

std::string OptionRef::text() const {
  return std::visit(
      [](const auto& v) -> std::string {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, EnumRef>) {
          return v.name();
        } else if constexpr (std::is_same_v<T, std::string*>) {
          return *v;
        } else if constexpr (std::is_same_v<T, bool*>) {
          return *v ? "true" : "false";
        } else if constexpr (std::is_same_v<T, double*>) {
          return shortest(*v);
        } else {
          return std::to_string(*v);
        }
      },
      value);
}

void OptionRef::set(const std::string& text) const {
  std::visit(
      [&](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, EnumRef>) {
          set_enum(*this, v, text);
        } else if constexpr (std::is_same_v<T, std::string*>) {
          *v = text;
        } else if constexpr (std::is_same_v<T, bool*>) {
          if (text != "true" && text != "false")
            throw UsageError(quoted_option(name), "\"" + text + "\" is not true or false");
          *v = text == "true";
        } else {
          *v = parse_number<std::remove_pointer_t<T>>(*this, text);
        }
      },
      value);
  check();
}

void OptionRef::check() const {
  std::visit(
      [&](const auto& v) {
        using T = std::remove_pointer_t<std::decay_t<decltype(v)>>;
        if constexpr (std::is_same_v<T, EnumRef>) {
          const int number = v.get(v.value);
          if (number < 0 || static_cast<std::size_t>(number) >= v.names.size())
            throw UsageError(quoted_option(name), "has no value numbered " + std::to_string(number));
        } else if constexpr (std::is_arithmetic_v<T> && !std::is_same_v<T, bool>) {
          const auto number = static_cast<double>(*v);
          if (min < max && !(number >= min && number <= max)) {
            throw UsageError(quoted_option(name),
                             text() + " is outside " + shortest(min) + " to " + shortest(max));
          }
        }
      },
      value);
}

void OptionRef::copy_from(const OptionRef& other) const {
  std::visit(
      [&](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<T, EnumRef>) {
          const auto& from = std::get<EnumRef>(other.value);
          v.set(v.value, from.get(from.value));
        } else {
          *v = *std::get<T>(other.value);
        }
      },
      value);
}

void apply_options(const std::vector<OptionRef>& options, const GivenOptions& given) {
  for (const auto& [name, text] : given) {
    const auto found =
        std::find_if(options.begin(), options.end(), [&](const auto& o) { return o.name == name; });
    if (found != options.end()) found->set(text);
  }
}

std::string given_or(const GivenOptions& given, const std::string& name, const std::string& otherwise) {
  const auto found =
      std::find_if(given.rbegin(), given.rend(), [&](const auto& g) { return g.first == name; });
  return found == given.rend() ? otherwise : found->second;
}

bool is_given(const GivenOptions& given, const std::string& name) {
  return std::any_of(given.begin(), given.end(), [&](const auto& g) { return g.first == name; });
}

std::vector<std::string> names_of(const GivenOptions& given) {
  std::vector<std::string> names;
  for (const auto& [name, value] : given) names.push_back(name);
  return names;
}

}  // namespace graft
