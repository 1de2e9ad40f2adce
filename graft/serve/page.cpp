#include "graft/serve/page.h"

#include <algorithm>

namespace graft {
namespace {

std::string type_of_file(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  return name.ends_with(".js") ? "text/javascript; charset=utf-8" : "application/json";
}

}  // namespace

std::optional<HttpResponse> page_response(const std::string& path) {
  const std::string name = path == "/" ? "index.html" : path.substr(1);
  const auto files = serve_page_files();
  const auto found =
      std::find_if(files.begin(), files.end(), [&](const EmbeddedFile& file) { return file.name == name; });
  if (found == files.end()) return std::nullopt;
  HttpResponse response{200, type_of_file(name), std::string(found->text), {}};
  response.headers["Content-Security-Policy"] =
      "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' blob: data:; connect-src "
      "'self'; "
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  response.headers["Cache-Control"] = "no-cache";
  return response;
}

}  // namespace graft
