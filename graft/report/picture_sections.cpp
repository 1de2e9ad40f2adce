#include <algorithm>
#include <cmath>

#include "graft/core/files.h"
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

std::string picture_of(const PredictionRow& row, const DecodeOptions& decode) {
  const Thumbnail small = read_thumbnail(row.path, thumbnail_side, decode);
  if (small.uri.empty()) {
    return "<div class=\"missing\" role=\"img\" aria-label=\"no picture\">No picture: " +
           escape_html(small.reason) + "</div>";
  }
  return "<img src=\"" + small.uri + "\" width=\"" + std::to_string(small.width) + "\" height=\"" +
         std::to_string(small.height) + "\" loading=\"lazy\" alt=\"" +
         escape_html("a picture of the class " + row.label + ", predicted " + row.predicted) + "\">";
}

std::string figure(const PredictionRow& row, const DecodeOptions& decode) {
  const bool right = row.label == row.predicted;
  const std::string file = std::filesystem::path(row.path).filename().string();
  return "<figure>" + picture_of(row, decode) + "<figcaption><span class=\"" +
         (right ? "yes\">✓" : "no\">✗") + "</span> <b>" + escape_html(row.predicted) + "</b> " +
         escape_html(value_text(row.probability, Unit::share)) +
         (right ? "" : "<br>true: <b>" + escape_html(row.label) + "</b>") + "<br><span title=\"" +
         escape_html(row.path) + "\">" + escape_html(file) + "</span></figcaption></figure>\n";
}

std::string pictures(const std::vector<const PredictionRow*>& rows, const DecodeOptions& decode) {
  std::string text = "<div class=\"pictures\">\n";
  for (std::size_t i = 0; i < std::min(rows.size(), most_pictures); ++i) text += figure(*rows[i], decode);
  return text + "</div>\n";
}

std::string surest_mistakes(const RunData& run, const DecodeOptions& decode) {
  std::vector<const PredictionRow*> wrong;
  for (const PredictionRow& row : run.rows) {
    if (row.label != row.predicted) wrong.push_back(&row);
  }
  if (wrong.empty()) return "<p>Every validation picture is predicted right.</p>\n";
  std::stable_sort(wrong.begin(), wrong.end(), [](const PredictionRow* a, const PredictionRow* b) {
    return probability_of(a) > probability_of(b);
  });
  return "<h3>Surest mistakes</h3>\n<p class=\"muted\">Wrong predictions, the most probable first, of " +
         std::to_string(wrong.size()) + ". Wrong labels often turn up here.</p>\n" + pictures(wrong, decode);
}

std::string least_sure(const RunData& run, const DecodeOptions& decode) {
  std::vector<const PredictionRow*> rows;
  for (const PredictionRow& row : run.rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(), [](const PredictionRow* a, const PredictionRow* b) {
    return probability_of(a) < probability_of(b);
  });
  return "<h3>Least sure</h3>\n<p class=\"muted\">The predictions of the lowest probability, right or "
         "wrong.</p>\n" +
         pictures(rows, decode);
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
  // Runs of earlier versions dropped the alpha channel.
  const std::string alpha = value_of(run.config.options, "alpha");
  const DecodeOptions decode = {.exif = value_of(run.config.options, "exif") == "true",
                                .alpha = alpha.empty() ? "drop" : alpha};
  return surest_mistakes(run, decode) + least_sure(run, decode);
}

std::string sheets_section(const RunData& run) {
  const std::string sheets = sheet(run.folder.predictions_picture(), "Some predictions",
                                   "validation pictures titled with the predicted class") +
                             sheet(run.folder.batch_picture(), "Training pictures as the network sees them",
                                   "augmented training pictures titled with their classes");
  return sheets.empty() ? "" : "<div class=\"sheets\">\n" + sheets + "</div>\n";
}

}  // namespace graft
