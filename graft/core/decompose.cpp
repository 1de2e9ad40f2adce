#include "graft/core/decompose.h"

#include <cstddef>
#include <cstdint>
#include <unordered_map>

#include "graft/core/utf8.h"

namespace graft {
namespace {

// The letters that a mark is part of, and at the same positions the letters without it, which may be composed
// too.
struct Mark {
  char32_t mark;
  std::u32string_view composed, base;
};

// From UnicodeData.txt: U+00C0 to U+017F, U+01A0 to U+01B0, U+0386 to U+03CE, U+0400 to U+045F, U+1EA0 to
// U+1EF9, U+3040 to U+30FF.
// clang-format off
constexpr Mark marks[] = {
    {0x0300, U"ÀÈÌÒÙàèìòùЀЍѐѝẦầẰằỀềỒồỜờỪừỲỳ", U"AEIOUaeiouЕИеиÂâĂăÊêÔôƠơƯưYy"},
    {0x0301, U"ÁÉÍÓÚÝáéíóúýĆćĹĺŃńŔŕŚśŹźΆΈΉΊΌΎΏΐάέήίΰόύώЃЌѓќẤấẮắẾếỐốỚớỨứ", U"AEIOUYaeiouyCcLlNnRrSsZzΑΕΗΙΟΥΩϊαεηιϋουωГКгкÂâĂăÊêÔôƠơƯư"},
    {0x0302, U"ÂÊÎÔÛâêîôûĈĉĜĝĤĥĴĵŜŝŴŵŶŷẬậỆệỘộ", U"AEIOUaeiouCcGgHhJjSsWwYyẠạẸẹỌọ"},
    {0x0303, U"ÃÑÕãñõĨĩŨũẪẫẴẵẼẽỄễỖỗỠỡỮữỸỹ", U"ANOanoIiUuÂâĂăEeÊêÔôƠơƯưYy"},
    {0x0304, U"ĀāĒēĪīŌōŪū", U"AaEeIiOoUu"},
    {0x0306, U"ĂăĔĕĞğĬĭŎŏŬŭЎЙйўẶặ", U"AaEeGgIiOoUuУИиуẠạ"},
    {0x0307, U"ĊċĖėĠġİŻż", U"CcEeGgIZz"},
    {0x0308, U"ÄËÏÖÜäëïöüÿŸΪΫϊϋЁЇёї", U"AEIOUaeiouyYΙΥιυЕІеі"},
    {0x0309, U"ẢảẨẩẲẳẺẻỂểỈỉỎỏỔổỞởỦủỬửỶỷ", U"AaÂâĂăEeÊêIiOoÔôƠơUuƯưYy"},
    {0x030A, U"ÅåŮů", U"AaUu"},
    {0x030B, U"ŐőŰű", U"OoUu"},
    {0x030C, U"ČčĎďĚěĽľŇňŘřŠšŤťŽž", U"CcDdEeLlNnRrSsTtZz"},
    {0x031B, U"ƠơƯư", U"OoUu"},
    {0x0323, U"ẠạẸẹỊịỌọỢợỤụỰựỴỵ", U"AaEeIiOoƠơUuƯưYy"},
    {0x0327, U"ÇçĢģĶķĻļŅņŖŗŞşŢţ", U"CcGgKkLlNnRrSsTt"},
    {0x0328, U"ĄąĘęĮįŲų", U"AaEeIiUu"},
    {0x3099, U"がぎぐげござじずぜぞだぢづでどばびぶべぼゔゞガギグゲゴザジズゼゾダヂヅデドバビブベボヴヷヸヹヺヾ", U"かきくけこさしすせそたちつてとはひふへほうゝカキクケコサシスセソタチツテトハヒフヘホウワヰヱヲヽ"},
    {0x309A, U"ぱぴぷぺぽパピプペポ", U"はひふへほハヒフヘホ"},
};
// clang-format on

struct Pair {
  char32_t base, mark;
};

const std::unordered_map<char32_t, Pair>& pairs() {
  static const auto all = [] {
    std::unordered_map<char32_t, Pair> map;
    for (const Mark& each : marks) {
      for (std::size_t i = 0; i < each.composed.size(); ++i)
        map.emplace(each.composed[i], Pair{each.base[i], each.mark});
    }
    return map;
  }();
  return all;
}

// Hangul syllables are numbered by their two or three letters (Unicode Standard, section 3.12).
constexpr char32_t first_syllable = 0xAC00, last_syllable = 0xD7A3;

void append_hangul(std::string& out, char32_t syllable) {
  constexpr char32_t leads = 0x1100, vowels = 0x1161, tails = 0x11A7, num_vowels = 21, num_tails = 28;
  const char32_t index = syllable - first_syllable;
  append_utf8(out, leads + index / (num_vowels * num_tails));
  append_utf8(out, vowels + index / num_tails % num_vowels);
  if (index % num_tails > 0) append_utf8(out, tails + index % num_tails);
}

void append_decomposed(std::string& out, char32_t code) {
  if (code >= first_syllable && code <= last_syllable) return append_hangul(out, code);
  const auto pair = pairs().find(code);
  if (pair == pairs().end()) return append_utf8(out, code);
  append_decomposed(out, pair->second.base);
  append_utf8(out, pair->second.mark);
}

}  // namespace

std::string decomposed(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto [length, code] = utf8_at(text, i);
    if (length < 2) {
      out += text[i++];
      continue;
    }
    append_decomposed(out, static_cast<char32_t>(code));
    i += length;
  }
  return out;
}

bool differ_in_unicode_form(std::string_view a, std::string_view b) {
  return a != b && decomposed(a) == decomposed(b);
}

}  // namespace graft
