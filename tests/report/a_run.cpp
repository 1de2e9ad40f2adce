#include "tests/report/a_run.h"

#include <nlohmann/json.hpp>

#include "graft/core/csv.h"
#include "graft/core/files.h"
#include "graft/image/codec.h"
#include "tests/support/picture_set.h"

namespace graft::test {

std::string config_of(const std::vector<std::string>& classes, const std::string& lr) {
  nlohmann::ordered_json json = {{"format", "graft-run"}, {"started", "2026-01-31T12:00:00Z"}};
  json["data"] = {{"path", "pets"}, {"classes", classes}};
  for (const std::string& name : classes) {
    json["data"]["train"][name] = 8;
    json["data"]["val"][name] = 4;
  }
  json["options"] = {{"model", "resnet18"}, {"preset", "finetune"}, {"batch_size", 4}, {"lr", std::stod(lr)}};
  json["asked"] = {{"lr", lr}};
  json["resolved"] = {{"device", "cpu"}};
  json["versions"] = {{"graft", "0.1.0"}};
  return json.dump();
}

RunOnDisk::RunOnDisk(const std::vector<std::string>& classes, const std::string& lr) {
  folder_.write("config.json", config_of(classes, lr));
}

void RunOnDisk::add_epochs(int count) const {
  for (int i = 0; i < count; ++i) {
    add_epoch({i + 1,
               0.001,
               1.0 / (i + 1),
               {{"acc", 0.5}},
               0.8 / (i + 1),
               {{"acc", 0.5 + 0.4 * i / count}, {"top5", 1.0}},
               3,
               2.25,
               0.5,
               24});
  }
}

void RunOnDisk::add_probe() const {
  EpochRecord probe{0, 0, 0.125, {{"acc", 1}}, 0.375, {{"acc", 0.25}, {"top5", 1.0}}, 2};
  probe.probe = true;
  add_epoch(probe);
}

void RunOnDisk::add_predictions(const std::vector<std::string>& classes) const {
  const auto picture = folder_.write("pictures/a.ppm", generated_picture(0, 1, 200, 300));
  std::vector<PredictionRow> rows = {{picture.string(), classes.front(), classes.back(), 0.75, 1.5}};
  for (const std::string& name : classes) rows.push_back({picture.string(), name, name, 0.9, 0.1});
  write_predictions(run().predictions_csv(), rows);
}

void RunOnDisk::add_model() const { replace_file(run().model(), "x"); }

void RunOnDisk::add_sheets() const {
  Image image(20, 30);
  std::fill(image.data(), image.data() + image.size_bytes(), std::uint8_t{200});
  replace_file(run().batch_picture(), encode_png(image.view()));
  replace_file(run().predictions_picture(), encode_png(image.view()));
}

NumberRunOnDisk::NumberRunOnDisk() : RunOnDisk({"age"}) {
  auto json = nlohmann::ordered_json::parse(config_of({"age"}));
  json["data"]["labels"] = "number";
  folder().write("config.json", json.dump());
}

void NumberRunOnDisk::add_epochs(int count) const {
  for (int i = 0; i < count; ++i) {
    const double rmse = 2.0 * count / (i + 1);
    add_epoch({i + 1,
               0.001,
               1.0 / (i + 1),
               {{"mae", rmse / 2}},
               0.8 / (i + 1),
               {{"rmse", rmse}, {"mae", rmse * 0.75}, {"r2", 1 - rmse / 8}},
               3,
               2.25,
               0.5,
               24});
  }
}

void NumberRunOnDisk::add_predictions(const std::vector<std::pair<double, double>>& numbers) const {
  const auto picture = folder().write("pictures/a.ppm", generated_picture(0, 1, 200, 300));
  std::vector<PredictionRow> rows;
  for (const auto& [truth, predicted] : numbers)
    rows.push_back({picture.string(), csv_number(truth), csv_number(predicted), std::nullopt, 0.5});
  write_predictions(run().predictions_csv(), rows);
}

}  // namespace graft::test
