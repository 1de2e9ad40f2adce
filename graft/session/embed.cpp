#include "graft/session/embed.h"

#include <algorithm>
#include <set>
#include <utility>

#include "graft/core/csv.h"
#include "graft/core/error.h"
#include "graft/core/text.h"
#include "graft/data/folder.h"
#include "graft/device/device.h"
#include "graft/device/engine_error.h"
#include "graft/infer/feature_stream.h"
#include "graft/session/feature_file.h"
#include "graft/session/listed_pictures.h"
#include "graft/session/open_model.h"
#include "graft/train/probe.h"

namespace graft {
namespace {

using EachPicture = std::function<void(const std::string&, std::span<const float>)>;

// A model that is ready, and the pictures.
class Embedder {
 public:
  Embedder(const EmbedRequest& request, const Observer& observer)
      : recipe_(request.recipe), observer_(observer), ready_(open(request, observer)) {}

  std::size_t width() const { return static_cast<std::size_t>(ready_->num_features()); }
  const std::string& model() const { return model_; }
  const std::vector<std::string>& pictures() const { return pictures_; }
  // Those that could not be read. They are no longer among the pictures.
  const std::vector<BadImage>& bad() const { return bad_; }

  // Whether all pictures were read.
  bool run(const EachPicture& each) {
    std::vector<Sample> samples;
    for (const std::string& path : pictures_) samples.push_back({path});
    LoaderPass pass;
    pass.max_pixels = recipe_.decode.max_pixels;
    LoaderOptions options = recipe_.loader;
    options.skip_bad = true;
    const Loader loader(std::move(samples), ready_->preprocess(), options, pass);
    const std::vector<BadImage> skipped =
        stream_features(*ready_, loader, "embed", observer_.progress,
                        [&](const torch::Tensor& rows, const std::vector<std::uint32_t>& indices) {
                          const auto* values = rows.const_data_ptr<float>();
                          for (std::size_t i = 0; i < indices.size(); ++i)
                            each(pictures_[indices[i]], {values + i * width(), width()});
                        });
    leave_out(skipped);
    return skipped.empty();
  }

 private:
  std::optional<InferenceModel> open(const EmbedRequest& request, const Observer& observer) {
    pictures_ = listed_pictures(request.pictures, observer);
    use_threads(recipe_.threads, observer);
    const torch::Device device = select_device(recipe_.device);
    std::vector<std::string> files = pictures_;
    files.insert(files.end(),
                 {model_file(request.model.name).string(), request.model.weights.value_or("default")});
    if (observer.reads) observer.reads(files);
    Model model = open_model(request.model, request.preprocess, observer);
    check_can_be_probed(*model.network);
    model_ = model.architecture;
    return InferenceModel::compile(std::move(model), device, Precision::fp32, recipe_.loader.batch_size);
  }

  void leave_out(const std::vector<BadImage>& skipped) {
    std::set<std::string> paths;
    for (const BadImage& each : skipped) paths.insert(each.path);
    std::erase_if(pictures_, [&](const std::string& path) { return paths.contains(path); });
    bad_.insert(bad_.end(), skipped.begin(), skipped.end());
    if (pictures_.empty() && !bad_.empty())
      throw Error(bad_.front().path, "cannot be read, and no other picture can be", "look at the pictures");
  }

  Recipe recipe_;
  const Observer& observer_;
  std::vector<std::string> pictures_;
  std::vector<BadImage> bad_;
  std::string model_;
  std::optional<InferenceModel> ready_;
};

// Ends the writing of a file whose number of rows has changed.
struct FewerRows {};

std::string_view as_bytes(std::span<const float> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

void write_binary(Embedder& embedder, const OutputFiles& outputs, FeatureFormat format) {
  const auto rows = [&](OutputFile& file) {
    const std::size_t count = embedder.pictures().size();
    file.write(format == FeatureFormat::npy ? npy_header(count, embedder.width())
                                            : safetensors_header(count, embedder.width(), embedder.model()));
    const bool all = embedder.run(
        [&](const std::string&, std::span<const float> features) { file.write(as_bytes(features)); });
    if (!all) throw FewerRows();
  };
  const auto paths = [&](OutputFile& file) {
    file.write(paths_header);
    for (const std::string& path : embedder.pictures()) file.write(csv_line({path}));
  };
  for (;;) {
    try {
      return outputs.write_together({{"out", rows}, {"out/paths", paths}});
    } catch (const FewerRows&) {
    }
  }
}

void write_table(Embedder& embedder, OutputFiles& outputs) {
  outputs.has_header("out", feature_columns(embedder.width()));
  outputs.write("out", [&](OutputFile& file) {
    file.write(feature_columns(embedder.width()));
    embedder.run([&](const std::string& path, std::span<const float> features) {
      file.write(feature_line(path, features));
    });
  });
}

EmbedResult result_of(const Embedder& embedder) {
  return {embedder.pictures().size(), embedder.width(), embedder.bad()};
}

}  // namespace

EmbedResult embed_pictures(const EmbedRequest& request, const EachPicture& each, const Observer& observer) {
  return with_engine_errors(request.model.name, [&] {
    Embedder embedder(request, observer);
    embedder.run(each);
    return result_of(embedder);
  });
}

void add_feature_outputs(OutputFiles& outputs, const std::string& out) {
  if (out.empty()) throw UsageError("`out`", "is missing", "name a file: .npy, .csv or .safetensors");
  const FeatureFormat format = feature_format("out", out);
  outputs.add("out", out, output_type(format), {"path,f0,", "path,f0\n"});
  if (format != FeatureFormat::csv)
    outputs.add("out/paths", paths_file(out), OutputType::table, {paths_header});
}

EmbedResult embed_to_files(const EmbedRequest& request, OutputFiles& outputs, const Observer& observer) {
  return with_engine_errors(request.model.name, [&] {
    const Observer checking = outputs.observer(observer);
    Embedder embedder(request, checking);
    if (outputs.has("out/paths")) {
      write_binary(embedder, outputs, feature_format("out", outputs.file("out")));
    } else {
      write_table(embedder, outputs);
    }
    return result_of(embedder);
  });
}

}  // namespace graft
