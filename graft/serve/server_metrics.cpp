#include "graft/serve/server_metrics.h"

#include <prometheus/text_serializer.h>

namespace graft {
namespace {

const prometheus::Histogram::BucketBoundaries second_bounds = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2,
                                                               0.5,   1,    2,    5,    10,  30};
const prometheus::Histogram::BucketBoundaries batch_bounds = {1, 2, 4, 8, 16, 32, 64, 128};

}  // namespace

ServerMetrics::ServerMetrics()
    : requests_(prometheus::BuildCounter()
                    .Name("graft_requests_total")
                    .Help("Requests by endpoint and status.")
                    .Register(registry_)),
      pictures_(prometheus::BuildCounter()
                    .Name("graft_pictures_total")
                    .Help("Pictures in requests, by model.")
                    .Register(registry_)),
      seconds_(prometheus::BuildHistogram()
                   .Name("graft_request_seconds")
                   .Help("Seconds from the end of a request to its answer, by endpoint.")
                   .Register(registry_)),
      batches_(prometheus::BuildHistogram()
                   .Name("graft_batch_images")
                   .Help("Images that were computed together, by model.")
                   .Register(registry_)),
      queue_(prometheus::BuildGauge()
                 .Name("graft_queue_pictures")
                 .Help("Pictures that wait for their answers.")
                 .Register(registry_)
                 .Add({})),
      connections_(prometheus::BuildGauge()
                       .Name("graft_connections")
                       .Help("Open connections.")
                       .Register(registry_)
                       .Add({})),
      models_(prometheus::BuildGauge()
                  .Name("graft_models")
                  .Help("Models in memory, with former ones whose requests are not answered yet.")
                  .Register(registry_)
                  .Add({})) {}

void ServerMetrics::add_request(const std::string& path, int status, double seconds) {
  requests_.Add({{"path", path}, {"code", std::to_string(status)}}).Increment();
  seconds_.Add({{"path", path}}, second_bounds).Observe(seconds);
}

void ServerMetrics::add_pictures(const std::string& model, double count) {
  pictures_.Add({{"model", model}}).Increment(count);
}

void ServerMetrics::add_batch(const std::string& model, std::size_t images) {
  batches_.Add({{"model", model}}, batch_bounds).Observe(static_cast<double>(images));
}

std::string ServerMetrics::text(double queue, double connections, double models) {
  queue_.Set(queue);
  connections_.Set(connections);
  models_.Set(models);
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace graft
