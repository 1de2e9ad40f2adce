#include <algorithm>
#include <cmath>

#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/report/axes.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/html_text.h"
#include "graft/report/page_template.h"
#include "graft/report/thumbnail.h"

namespace graft {
namespace {

constexpr const char* file = "report.html";
constexpr std::size_t max_pictures = 12;
constexpr int thumbnail_side = 160, sheet_side = 1600;

double probability_of(const PredictionRow* row) {
  return std::isnan(row->probability) ? 0 : row->probability;
}

std::string image(const PredictionRow& row, const Thumbnail& small) {
  if (small.uri.empty()) {
    return fill(R"(<div class="missing" role="img" aria-label="no picture">No picture: {{reason}}</div>)",
                {{"reason", small.reason}});
  }
  return fill(R"(<img src="{{uri}}" width="{{width}}" height="{{height}}" loading="lazy" alt="{{alt}}">)",
              {{"uri", small.uri},
               {"width", std::to_string(small.width)},
               {"height", std::to_string(small.height)},
               {"alt", "a picture of the class " + row.label + ", predicted " + row.predicted}});
}

// Of multi-label data any number of names, which the table of predictions joins with "|".
std::string names_of(const RunData& run, const std::string& classes) {
  const bool several = !run.label_figures.empty();
  const std::string names = several ? join(split(classes, '|'), ", ") : classes;
  return fill("<b>{{names}}</b>", {{"names", several && classes.empty() ? "nothing" : names}});
}

// How the run read its pictures. Runs of earlier versions dropped the alpha channel.
DecodeOptions decode_of(const RunData& run) {
  const std::string alpha = value_of(run.config.options, "alpha");
  return {.exif = value_of(run.config.options, "exif") == "true", .alpha = alpha.empty() ? "drop" : alpha};
}

std::string picture(const RunData& run, const PredictionRow& row) {
  const bool right = row.label == row.predicted;
  const std::string name = std::filesystem::path(row.path).filename().string();
  const Thumbnail small = read_thumbnail(picture_path(run.config, row.path), thumbnail_side, decode_of(run));
  const std::string size = small.full_width > 0 ? "<br>" + std::to_string(small.full_width) + " × " +
                                                      std::to_string(small.full_height)
                                                : "";
  return fill_block(file, "picture",
                    {{"image", Markup{image(row, small)}},
                     {"verdict", right ? "yes" : "no"},
                     {"mark", right ? "✓" : "✗"},
                     {"predicted", Markup{names_of(run, row.predicted)}},
                     {"probability", value_text(row.probability, Unit::share)},
                     {"truth", Markup{right ? "" : "<br>true: " + names_of(run, row.label)}},
                     {"path", row.path},
                     {"file", Markup{wrapped_html(name)}},
                     {"size", Markup{size}}});
}

Markup pictures(const RunData& run, const std::vector<const PredictionRow*>& rows) {
  Markup all;
  for (std::size_t i = 0; i < std::min(rows.size(), max_pictures); ++i) all.text += picture(run, *rows[i]);
  return all;
}

std::string surest_mistakes(const RunData& run) {
  std::vector<const PredictionRow*> wrong;
  for (const PredictionRow& row : run.rows) {
    if (row.label != row.predicted) wrong.push_back(&row);
  }
  if (wrong.empty()) return fill_block(file, "every_picture_right");
  std::stable_sort(wrong.begin(), wrong.end(), [](const PredictionRow* a, const PredictionRow* b) {
    return probability_of(a) > probability_of(b);
  });
  return fill_block(file, "surest_mistakes",
                    {{"count", std::to_string(wrong.size())}, {"pictures", pictures(run, wrong)}});
}

std::string least_sure(const RunData& run) {
  std::vector<const PredictionRow*> rows;
  for (const PredictionRow& row : run.rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const PredictionRow* a, const PredictionRow* b) {
    return probability_of(a) < probability_of(b);
  });
  return fill_block(file, "least_sure", {{"pictures", pictures(run, rows)}});
}

std::string sheet(const std::filesystem::path& path, const std::string& title, const std::string& alt) {
  if (!disk().info(path)) return "";
  const Thumbnail picture = read_thumbnail(path, sheet_side);
  const std::string content = picture.uri.empty()
                                  ? notice(path.filename().string() + " could not be read: " + picture.reason)
                                  : fill_block(file, "sheet_image",
                                               {{"uri", picture.uri},
                                                {"width", std::to_string(picture.width)},
                                                {"height", std::to_string(picture.height)},
                                                {"alt", alt}});
  return fill_block(file, "sheet", {{"title", title}, {"content", Markup{content}}});
}

}  // namespace

std::string pictures_section(const RunData& run) {
  if (run.rows.empty()) return "";
  return surest_mistakes(run) + least_sure(run);
}

std::string sheets_section(const RunData& run) {
  const std::string sheets = sheet(run.folder.predictions_picture(), "Some predictions",
                                   "validation pictures titled with the predicted class, and with the true "
                                   "one where that is another") +
                             sheet(run.folder.batch_picture(), "Training pictures as the network sees them",
                                   "augmented training pictures titled with their classes");
  return sheets.empty() ? "" : fill_block(file, "sheets", {{"sheets", Markup{sheets}}});
}

}  // namespace graft
