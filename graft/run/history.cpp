#include "graft/run/history.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "graft/core/error.h"
#include "graft/core/files.h"

namespace graft {

std::string to_json_line(const EpochRecord& r) {
  nlohmann::ordered_json line;
  line["epoch"] = r.epoch;
  line["lr"] = r.lr;
  line["train_loss"] = r.train_loss;
  line["train_acc"] = r.train_acc;
  line["val_loss"] = r.val_loss;
  line["val_acc"] = r.val_acc;
  line["seconds"] = r.seconds;
  return line.dump();
}

void append_history(const std::filesystem::path& path, const EpochRecord& record) {
  const auto file = disk().append(path);
  file->write(to_json_line(record) + "\n");
  file->sync();
  file->close();
}

std::vector<EpochRecord> read_history(const std::filesystem::path& path) {
  std::vector<EpochRecord> records;
  std::istringstream text(read_text(path));
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    try {
      const auto json = nlohmann::json::parse(line);
      records.push_back({json.at("epoch"), json.at("lr"), json.at("train_loss"), json.at("train_acc"),
                         json.at("val_loss"), json.at("val_acc"), json.at("seconds")});
    } catch (const nlohmann::json::exception& error) {
      throw Error(path.string() + ":" + std::to_string(number),
                  std::string("is not a record of an epoch: ") + error.what());
    }
  }
  return records;
}

}  // namespace graft
