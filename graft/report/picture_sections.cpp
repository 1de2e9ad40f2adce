#include <algorithm>

#include "graft/core/files.h"
#include "graft/report/html.h"
#include "graft/report/html_page.h"
#include "graft/report/html_text.h"
#include "graft/report/page_template.h"
#include "graft/report/task_report.h"
#include "graft/report/thumbnail.h"

namespace graft {
namespace {

constexpr int sheet_side = 1600;

std::string image(const std::string& alt, const Thumbnail& small) {
  if (small.uri.empty()) {
    return fill(R"(<div class="missing" role="img" aria-label="no picture">No picture: {{reason}}</div>)",
                {{"reason", small.reason}});
  }
  return fill(R"(<img src="{{uri}}" width="{{width}}" height="{{height}}" loading="lazy" alt="{{alt}}">)",
              {{"uri", small.uri},
               {"width", std::to_string(small.width)},
               {"height", std::to_string(small.height)},
               {"alt", alt}});
}

std::string picture(const RunData& run, const PredictionRow& row, const PictureWords& words) {
  const std::string name = std::filesystem::path(row.path).filename().string();
  const Thumbnail small = run.picture(row);
  const std::string size = small.full_width > 0 ? "<br>" + std::to_string(small.full_width) + " × " +
                                                      std::to_string(small.full_height)
                                                : "";
  return fill_block(report_blocks, "picture",
                    {{"image", Markup{image(words.alt, small)}},
                     {"caption", Markup{words.caption}},
                     {"path", row.path},
                     {"file", Markup{wrapped_html(name)}},
                     {"size", Markup{size}}});
}

std::string sheet(const std::filesystem::path& path, const std::string& title, const std::string& alt) {
  if (!disk().info(path)) return "";
  const Thumbnail picture = read_thumbnail(path, sheet_side);
  const std::string content = picture.uri.empty()
                                  ? notice(path.filename().string() + " could not be read: " + picture.reason)
                                  : fill_block(report_blocks, "sheet_image",
                                               {{"uri", picture.uri},
                                                {"width", std::to_string(picture.width)},
                                                {"height", std::to_string(picture.height)},
                                                {"alt", alt}});
  return fill_block(report_blocks, "sheet", {{"title", title}, {"content", Markup{content}}});
}

}  // namespace

std::string row_pictures(const RunData& run, const std::vector<const PredictionRow*>& rows,
                         const std::function<PictureWords(const PredictionRow&)>& words) {
  std::string all;
  for (std::size_t i = 0; i < std::min(rows.size(), max_row_pictures); ++i)
    all += picture(run, *rows[i], words(*rows[i]));
  return all;
}

std::string sheets_section(const RunData& run) {
  const TaskReport& task = task_report(run.labels);
  const std::string sheets =
      sheet(run.folder.predictions_picture(), "Example predictions", task.shows_predictions) +
      sheet(run.folder.batch_picture(), "Augmented training pictures", task.shows_batch);
  return sheets.empty() ? "" : fill_block(report_blocks, "sheets", {{"sheets", Markup{sheets}}});
}

}  // namespace graft
