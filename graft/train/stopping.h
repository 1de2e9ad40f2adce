// Why a training ends before its last epoch.
#pragma once

namespace graft {

// For want of progress.
class EarlyStopping {
 public:
  // `patience`: epochs without a better one; 0: it never ends a training.
  explicit EarlyStopping(int patience) : patience_(patience) {}
  // Whether `epoch` was the last, `best` being the best one; both from 1, 0 for a probe.
  bool ends_after(int epoch, int best) const { return patience_ > 0 && epoch - best >= patience_; }

 private:
  int patience_;
};

// No epoch is begun that would end later.
class TimeLimit {
 public:
  // 0: none.
  explicit TimeLimit(double seconds) : seconds_(seconds) {}
  // Whether an epoch of `epoch_seconds` ends too late that begins `elapsed` seconds after the training did.
  bool forbids(double elapsed, double epoch_seconds) const {
    return seconds_ > 0 && elapsed + epoch_seconds > seconds_;
  }

 private:
  double seconds_;
};

}  // namespace graft
