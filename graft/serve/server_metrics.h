// What the server counts, in the text format of Prometheus. Internal. Thread-safe.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>

namespace graft {

class ServerMetrics {
 public:
  ServerMetrics();

  // `path`: of the list of endpoints, so that clients cannot add labels.
  void add_request(const std::string& path, int status, double seconds);
  void add_pictures(const std::string& model, double count);
  void add_batch(const std::string& model, std::size_t images);

  // `queue`: pictures that wait for their answers. `models`: in memory.
  std::string text(double queue, double connections, double models);

 private:
  prometheus::Registry registry_;
  prometheus::Family<prometheus::Counter>&requests_, &pictures_;
  prometheus::Family<prometheus::Histogram>&seconds_, &batches_;
  prometheus::Gauge &queue_, &connections_, &models_;
};

}  // namespace graft
