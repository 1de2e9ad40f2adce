// Conditions that end a training run before its last epoch.
#pragma once

namespace graft {

// Ends training if the metric does not improve.
class EarlyStopping {
 public:
  // `patience`: epochs without improvement; 0: no limit.
  explicit EarlyStopping(int patience) : patience_(patience) {}
  // Whether training ends after `epoch` if `best` is the best epoch; both from 1, 0 for a probe.
  bool ends_after(int epoch, int best) const { return patience_ > 0 && epoch - best >= patience_; }

 private:
  int patience_;
};

// Starts no epoch that would end after the limit.
class TimeLimit {
 public:
  // 0: no limit.
  explicit TimeLimit(double seconds) : seconds_(seconds) {}
  // Whether an epoch of `epoch_seconds` that starts after `elapsed` seconds of training ends too late.
  bool forbids(double elapsed, double epoch_seconds) const {
    return seconds_ > 0 && elapsed + epoch_seconds > seconds_;
  }

 private:
  double seconds_;
};

}  // namespace graft
