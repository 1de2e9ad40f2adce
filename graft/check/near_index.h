// Finds the hashes that differ from a given one in a few bits, without comparing all of them.
//
//   const NearIndex index(hashes, 4);
//   index.for_each_near(hash, [&](std::size_t i, int distance) { ... });
//
// Multi-index hashing (Norouzi, Punjani and Fleet, "Fast search in Hamming space with multi-index hashing",
// 2012): if two hashes differ in at most d bits, at least one of their four 16-bit parts differs in at most d
// / 4.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

namespace graft {

class NearIndex {
 public:
  static constexpr int max_distance = 15;

  // 0 ≤ distance ≤ max_distance; fewer than 2³² hashes. Uses 24 bytes per hash and 1 MiB.
  NearIndex(std::vector<std::uint64_t> hashes, int distance);

  // Calls visit(i, distance of hashes[i] and `hash`) once for each i within the distance, in any order.
  // Thread-safe.
  void for_each_near(std::uint64_t hash, const std::function<void(std::size_t, int)>& visit) const;

 private:
  static constexpr std::size_t parts = 4, values = 1 << 16;
  // The hashes by the value of one part: ids[begin[v]] … ids[begin[v + 1]] have the value v in it.
  struct Table {
    std::vector<std::uint32_t> begin, ids;
  };

  Table table_of(std::size_t part) const;
  // Whether an earlier table has found this pair.
  bool met_before(std::uint64_t difference, std::size_t part) const;

  std::vector<std::uint64_t> hashes_;
  int distance_, part_distance_;
  std::vector<std::uint32_t> masks_;  // the values of at most part_distance_ bits
  std::array<Table, parts> tables_;
};

}  // namespace graft
