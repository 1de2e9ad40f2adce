// The files of the web page, which the build embeds. Internal.
#pragma once

#include <optional>
#include <span>

#include "graft/core/embedded_file.h"
#include "graft/http/message.h"

namespace graft {

std::span<const EmbeddedFile> serve_page_files();

// "/", "/page.css", "/page.js", "/openapi.json"; empty for another path.
std::optional<HttpResponse> page_response(const std::string& path);

}  // namespace graft
