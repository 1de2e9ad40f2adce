#include "graft/session/teacher.h"

#include <utility>

#include "graft/core/error.h"
#include "graft/core/hash.h"
#include "graft/core/text.h"
#include "graft/models/model_file.h"
#include "graft/run/run.h"
#include "graft/session/open_model.h"
#include "graft/session/path_kind.h"
#include "graft/session/seen_pictures.h"

namespace graft {
namespace {

// Keeps `now` in `recorded`, which is empty in a new run.
void record_hash(std::string& recorded, const std::string& now, const std::string& what,
                 const RunFolder& folder) {
  if (!recorded.empty() && recorded != now)
    throw Error(what, "is not what " + folder.path().string() + " was started with",
                "restore it, or replace the run by a new one with `overwrite`");
  recorded = now;
}

// The pictures that are not in the data.
Folder unlabelled_pictures(const std::string& path, const TrainingData& data, const Observer& observer) {
  SeenPictures known;
  for (const Folder* part : {&data.train, &data.val, &data.test}) known.add(part->samples);
  Folder left;
  left.root = path;
  std::vector<std::string> runs;
  const std::vector<std::string> all = list_pictures(path, &runs);
  for (const std::string& picture : all) {
    if (!known.has({picture})) left.samples.push_back({picture});
  }
  const std::size_t in_data = all.size() - left.samples.size();
  if (left.samples.empty())
    throw UsageError("`unlabelled`", path + " has only pictures of the data, " + counted(in_data, "picture"),
                     "give other pictures, or leave it out");
  if (in_data > 0)
    observer.warn(counted(in_data, "picture") + " of " + path + " that " + (in_data == 1 ? "is" : "are") +
                  " in the data " + (in_data == 1 ? "is" : "are") + " left out of the unlabelled ones");
  return left;
}

}  // namespace

std::shared_ptr<const Distiller> open_teacher(TrainJob& job, const Model& student,
                                              const torch::Device& device, const Observer& observer) {
  const DistillOptions& options = job.run.recipe.distill;
  if (options.teacher.empty()) return nullptr;
  if (student.task.kind == LabelKind::number && is_given(job.run.given, "distill_temperature"))
    throw UsageError("`distill_temperature`", "has no effect on numbers", "leave it out");
  Model teacher = open_model(options.teacher);
  record_hash(job.run.teacher_sha256, sha256_hex_of_file(model_file(options.teacher)), options.teacher,
              job.folder);
  std::vector<Sample> unlabelled;
  if (!options.unlabelled.empty()) {
    Folder pictures = unlabelled_pictures(options.unlabelled, job.data, observer);
    record_hash(job.run.unlabelled_hash, pictures_hash(pictures), options.unlabelled, job.folder);
    unlabelled = std::move(pictures.samples);
  }
  return std::make_shared<const Distiller>(std::move(teacher), student, options, device,
                                           job.run.recipe.loader.batch_size, std::move(unlabelled));
}

}  // namespace graft
