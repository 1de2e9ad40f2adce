// The rows of a table of features that are most similar to others, by cosine. Exact: every pair is compared,
// in blocks, as a product of matrices.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "graft/device/torch.h"

namespace graft {

struct SimilarRow {
  std::int64_t row = 0;
  double cosine = 0;  // −1 to 1; 0 with a row of zeros
};

// Each row divided by its length; a row of zeros stays one.
torch::Tensor unit_rows(const torch::Tensor& rows);

// The most similar rows of a table that is given in parts.
//
//   NearestRows nearest(queries, 5);
//   for (each part) nearest.add(part, its first row);
//   nearest.found();
class NearestRows {
 public:
  // `queries`: Q×F, float32, on the CPU. `most`: rows for each of them.
  NearestRows(const torch::Tensor& queries, std::int64_t most);

  // Rows first … first + n − 1 of the table, n×F.
  void add(const torch::Tensor& rows, std::int64_t first);
  // For each query the most similar rows, the nearest first; fewer than `most` if the table is shorter.
  std::vector<std::vector<SimilarRow>> found() const;

 private:
  torch::Tensor queries_;  // unit rows
  std::int64_t most_;
  torch::Tensor cosines_, ids_;  // Q×found so far
};

// Calls visit(row, earlier row, cosine) for each pair of rows whose cosine is at least `least`, row by row.
// `progress`: called with the rows that are done.
void for_each_similar_pair(const torch::Tensor& rows, double least,
                           const std::function<void(std::int64_t, std::int64_t, double)>& visit,
                           const std::function<void(std::int64_t)>& progress = {});

}  // namespace graft
