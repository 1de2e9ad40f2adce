"""Prints what `pip install` with the same options and requirements downloads, and how large it is, without downloading it.

pip has no command for that: `pip install --dry-run` downloads the wheels. So this asks the parts of pip that find a
requirement's wheel by pip's configuration. They are not a public interface: this works with pip 23.0 (Debian 12), 24.0
(Ubuntu 24.04) and 26.3, and without it set-up only lacks the size.
"""

import os
import sys
import urllib.parse
import zipfile
from email.parser import Parser

from pip._internal.commands import create_command
from pip._vendor.packaging.requirements import Requirement
from pip._vendor.packaging.utils import canonicalize_name

LARGE = 10_000_000


class Downloads:
    """The wheels of requirements, and of what these require, each with its size."""

    def __init__(self, command, options):
        self.session = command.get_default_session(options)
        self.finder = command._build_package_finder(options, self.session)
        self.sizes = {}
        self.seen = set()

    def add(self, requirement):
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key in self.seen:
            return
        self.seen.add(key)
        found = self.finder.find_best_candidate(requirement.name, requirement.specifier).best_candidate
        if found is None:
            raise LookupError(f"{requirement}: not found")
        self.sizes[found] = self.size(found.link)
        for line in self.metadata(found.link).get_all("Requires-Dist", []):
            required = Requirement(line)
            extras = requirement.extras or {""}
            if required.marker is None or any(required.marker.evaluate({"extra": extra}) for extra in extras):
                self.add(required)

    def size(self, link):
        if link.is_file:
            return os.path.getsize(link.file_path)
        answer = self.session.head(link.url_without_fragment, allow_redirects=True)
        answer.raise_for_status()
        return int(answer.headers["content-length"])

    def metadata(self, link):
        if link.is_file:
            with zipfile.ZipFile(link.file_path) as wheel:
                name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
                return Parser().parsestr(wheel.read(name).decode())
        place = link.metadata_link()
        address = place.url_without_fragment if place else link.url_without_fragment + ".metadata"
        answer = self.session.get(address)
        # Some indexes have no metadata of some wheels: then what these require is not counted.
        return Parser().parsestr(answer.content.decode() if answer.ok else "")


def megabytes(size):
    return f"{size / 1e6:,.0f} MB"


def main():
    command = create_command("download")
    options, requirements = command.parse_args(["--quiet", *sys.argv[1:]])
    with command.main_context():
        downloads = Downloads(command, options)
        for text in requirements:
            downloads.add(Requirement(text))
    sizes = downloads.sizes
    print(f"downloading {megabytes(sum(sizes.values()))} if none of it is in pip's cache; the largest:")
    for found, size in sorted(sizes.items(), key=lambda item: -item[1]):
        if size >= LARGE:
            source = urllib.parse.urlsplit(found.link.url).hostname or "this machine"
            print(f"  {found.name} {found.version}, {megabytes(size)}, from {source}")


if __name__ == "__main__":
    try:
        main()
    except Exception as error:  # the set-up goes on without the size
        sys.exit(f"setup: {error!r}")
