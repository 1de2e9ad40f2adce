#include <algorithm>
#include <cmath>

#include "graft/core/files.h"
#include "graft/core/text.h"
#include "graft/report/axes.h"
#include "graft/report/html_text.h"
#include "graft/report/sections.h"
#include "graft/report/thumbnail.h"

namespace graft {
namespace {

constexpr std::size_t most_pictures = 12;
constexpr int thumbnail_side = 160, sheet_side = 1600;

double probability_of(const PredictionRow* row) {
  return std::isnan(row->probability) ? 0 : row->probability;
}

std::string picture_of(const PredictionRow& row, const Thumbnail& small) {
  if (small.uri.empty()) {
    return "<div class=\"missing\" role=\"img\" aria-label=\"no picture\">No picture: " +
           escape_html(small.reason) + "</div>";
  }
  return "<img src=\"" + small.uri + "\" width=\"" + std::to_string(small.width) + "\" height=\"" +
         std::to_string(small.height) + "\" loading=\"lazy\" alt=\"" +
         escape_html("a picture of the class " + row.label + ", predicted " + row.predicted) + "\">";
}

// Of multi-label data any number of names, which the table of predictions joins with "|".
std::string names_of(const RunData& run, const std::string& classes) {
  if (run.label_figures.empty()) return "<b>" + escape_html(classes) + "</b>";
  return "<b>" + (classes.empty() ? "nothing" : escape_html(join(split(classes, '|'), ", "))) + "</b>";
}

// How the run read its pictures. Runs of earlier versions dropped the alpha channel.
DecodeOptions decode_of(const RunData& run) {
  const std::string alpha = value_of(run.config.options, "alpha");
  return {.exif = value_of(run.config.options, "exif") == "true", .alpha = alpha.empty() ? "drop" : alpha};
}

std::string figure(const RunData& run, const PredictionRow& row) {
  const bool right = row.label == row.predicted;
  const std::string file = std::filesystem::path(row.path).filename().string();
  const Thumbnail small = read_thumbnail(picture_path(run.config, row.path), thumbnail_side, decode_of(run));
  std::string text = "<figure>" + picture_of(row, small) + "<figcaption><span class=\"" +
                     (right ? "yes\">✓" : "no\">✗") + "</span> " + names_of(run, row.predicted) + " " +
                     escape_html(value_text(row.probability, Unit::share));
  if (!right) text += "<br>true: " + names_of(run, row.label);
  text += "<br><span title=\"" + escape_html(row.path) + "\">" + wrapped_html(file) + "</span>";
  if (small.full_width > 0)
    text += "<br>" + std::to_string(small.full_width) + " × " + std::to_string(small.full_height);
  return text + "</figcaption></figure>\n";
}

std::string pictures(const RunData& run, const std::vector<const PredictionRow*>& rows) {
  std::string text = "<div class=\"pictures\">\n";
  for (std::size_t i = 0; i < std::min(rows.size(), most_pictures); ++i) text += figure(run, *rows[i]);
  return text + "</div>\n";
}

std::string surest_mistakes(const RunData& run) {
  std::vector<const PredictionRow*> wrong;
  for (const PredictionRow& row : run.rows) {
    if (row.label != row.predicted) wrong.push_back(&row);
  }
  if (wrong.empty()) return "<p>Every validation picture is predicted right.</p>\n";
  std::stable_sort(wrong.begin(), wrong.end(), [](const PredictionRow* a, const PredictionRow* b) {
    return probability_of(a) > probability_of(b);
  });
  return "<h3>Surest mistakes</h3>\n<p class=\"muted\">Wrong predictions, the most probable first, of " +
         std::to_string(wrong.size()) + ". Wrong labels often turn up here.</p>\n" + pictures(run, wrong);
}

std::string least_sure(const RunData& run) {
  std::vector<const PredictionRow*> rows;
  for (const PredictionRow& row : run.rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const PredictionRow* a, const PredictionRow* b) {
    return probability_of(a) < probability_of(b);
  });
  return "<h3>Least sure</h3>\n<p class=\"muted\">The predictions of the lowest probability, right or "
         "wrong.</p>\n" +
         pictures(run, rows);
}

std::string sheet(const std::filesystem::path& path, const std::string& title, const std::string& alt) {
  if (!disk().info(path)) return "";
  const Thumbnail picture = read_thumbnail(path, sheet_side);
  std::string content =
      picture.uri.empty()
          ? "<p class=\"notice\">" +
                escape_html(path.filename().string() + " could not be read: " + picture.reason) + "</p>\n"
          : "<img class=\"sheet\" src=\"" + picture.uri + "\" width=\"" + std::to_string(picture.width) +
                "\" height=\"" + std::to_string(picture.height) + "\" loading=\"lazy\" alt=\"" + alt +
                "\">\n";
  return "<div><h3>" + title + "</h3>\n" + content + "</div>\n";
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
  return sheets.empty() ? "" : "<div class=\"sheets\">\n" + sheets + "</div>\n";
}

}  // namespace graft
