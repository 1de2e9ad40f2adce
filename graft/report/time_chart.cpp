#include "graft/report/charts.h"

#include <algorithm>
#include <cmath>

#include "graft/report/axes.h"
#include "graft/report/palette.h"

namespace graft {
namespace {

struct Piece {
  const char* name;
  double seconds;
  InkChoice ink;
};

std::vector<Piece> pieces_of(const EpochRecord& r) {
  if (r.probe) return {{"probe", r.seconds, InkChoice::series(5)}};
  if (!r.train_seconds || !r.val_seconds) return {{"both phases", r.seconds, InkChoice::series(3)}};
  std::vector<Piece> pieces = {{"training", *r.train_seconds, training_ink()},
                               {"validation", *r.val_seconds, validation_ink()}};
  const double rest = r.seconds - *r.train_seconds - *r.val_seconds;
  if (rest > 0.005 * r.seconds) pieces.push_back({"between", rest, InkChoice::series(7)});
  return pieces;
}

std::vector<LegendEntry> legend_of(const std::vector<EpochRecord>& history) {
  std::vector<LegendEntry> legend;
  for (const EpochRecord& record : history) {
    for (const Piece& piece : pieces_of(record)) {
      const auto same = [&](const LegendEntry& entry) { return entry.name == piece.name; };
      if (std::none_of(legend.begin(), legend.end(), same)) legend.push_back({piece.name, piece.ink});
    }
  }
  return legend;
}

void draw_epoch(Drawing& drawing, const Axes& axes, const EpochRecord& record, double width) {
  std::string hint = record.probe ? "" : "epoch " + std::to_string(record.epoch);
  double below = 0;
  for (const Piece& piece : pieces_of(record)) {
    hint +=
        (hint.empty() ? "" : "\n") + std::string(piece.name) + " " + value_text(piece.seconds, Unit::seconds);
    if (!std::isfinite(piece.seconds) || piece.seconds <= 0) continue;
    const double bottom = axes.y(below);
    below += piece.seconds;
    drawing.add(Bar{axes.x(record.epoch) - width / 2, axes.y(below), width, bottom - axes.y(below), piece.ink,
                    1, ""});
  }
  if (record.images && record.train_seconds && *record.train_seconds > 0) {
    hint += "\n" +
            value_text(std::round(static_cast<double>(*record.images) / *record.train_seconds), Unit::plain) +
            " training pictures per second";
  }
  drawing.add(Bar{axes.x(record.epoch) - width / 2, axes.top(), width, axes.height(), Ink::none, 1, hint});
}

}  // namespace

Drawing draw_times(const std::vector<EpochRecord>& history) {
  Drawing drawing{460, 280, "seconds by epoch", {}};
  std::vector<double> totals = {0};
  int first = 1, last = 1;
  for (const EpochRecord& record : history) {
    double sum = 0;
    for (const Piece& piece : pieces_of(record)) sum += piece.seconds;
    totals.push_back(std::max(sum, record.seconds));
    if (&record == &history.front()) first = last = record.epoch;
    first = std::min(first, record.epoch);
    last = std::max(last, record.epoch);
  }
  Axis x = first == 0 ? epoch_axis_after_probe(last) : epoch_axis(first, last);
  x.low = first - 0.5;
  x.high = last + 0.5;
  const Axes axes(drawing, "Time per epoch", legend_of(history), x, axis_of(totals, 5, Unit::seconds));
  const int epochs = last - first + 1;
  const double share = epochs <= 60 ? 0.7 : 1.05;  // such thin gaps would look uneven
  const double width = std::max(0.5, share * axes.width() / epochs);
  for (const EpochRecord& record : history) draw_epoch(drawing, axes, record, std::min(width, 60.0));
  return drawing;
}

}  // namespace graft
