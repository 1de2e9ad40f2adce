#include "graft/core/control_groups.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "graft/core/text.h"

namespace graft {
namespace {

// A line of /proc/self/cgroup: "4:memory:/docker/1234", "3:cpu,cpuacct:/", "0::/user.slice" (version 2).
struct GroupLine {
  std::string controllers, path;
};

std::optional<GroupLine> parsed(const std::string& line) {
  const std::size_t first = line.find(':');
  const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
  if (second == std::string::npos) return std::nullopt;
  return GroupLine{line.substr(first + 1, second - first - 1), line.substr(second + 1)};
}

bool is_of(const GroupLine& line, const std::string& controller) {
  const auto controllers = split(line.controllers, ',');
  return std::find(controllers.begin(), controllers.end(), controller) != controllers.end();
}

// The mount points of a line's hierarchy. In a mixed setup, version 2 is mounted under "unified".
std::vector<std::string> mount_points(const GroupLine& line, const std::string& controller) {
  const std::string root = "/sys/fs/cgroup";
  if (controller.empty()) return {root, root + "/unified"};
  std::vector<std::string> points = {root + "/" + controller};
  if (line.controllers != controller) points.push_back(root + "/" + line.controllers);
  return points;
}

}  // namespace

std::optional<std::string> text_of_system_file(const std::string& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> control_group_folders(const TextOf& read, const std::string& controller) {
  std::vector<std::string> folders;
  for (const std::string& text : split(read("/proc/self/cgroup").value_or(""), '\n')) {
    const auto line = parsed(text);
    if (!line || !is_of(*line, controller)) continue;
    for (const std::string& mount : mount_points(*line, controller)) {
      std::string path = line->path;
      while (!path.empty() && path != "/") {
        folders.push_back(mount + path);
        const std::size_t slash = path.rfind('/');
        path.resize(slash == std::string::npos ? 0 : slash);
      }
      folders.push_back(mount);
    }
  }
  return folders;
}

std::optional<std::uint64_t> leading_number(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  std::uint64_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() ? std::optional(value) : std::nullopt;
}

std::optional<std::uint64_t> number_in(const TextOf& read, const std::string& path) {
  const auto text = read(path);
  return text ? leading_number(*text) : std::nullopt;
}

}  // namespace graft
