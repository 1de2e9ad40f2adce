"""The environment of the rows: the two programs, the data, and files that are made once and kept in a folder."""
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from harness import machine, measure

BENCH = Path(__file__).resolve().parent.parent


@dataclass
class Workbench:
    python: str
    graft: str
    data: str
    work: Path
    epochs: int
    device: str
    quick: bool

    # The two programs. Each call returns a measure.Run or raises measure.ProgramFailed.
    def run_peer(self, script, *arguments, memory=False):
        return measure.run([self.python, str(BENCH / "peer" / script), *map(str, arguments)], memory)

    def run_graft(self, *arguments, memory=False):
        return measure.run([self.graft, *map(str, arguments)], memory)

    def fp32(self, verb):
        """The flags that select float32 for a verb; none if it has no such option."""
        known = "--precision" in self.run_graft(verb, "--help").output
        return ["--precision", "fp32"] if known else []

    @cached_property
    def machine(self):
        return machine.describe()

    @property
    def bf16(self):
        return self.device == "cpu" and machine.has_bf16(self.machine)

    def data_folder(self):
        return self.data

    # Files that are made when a row first needs them.
    def weights(self, model):
        """The initial state dict of both programs, with 1000 classes."""
        return self._made(f"{model}.pth", lambda out: self.run_peer("weights.py", out, "--model", model))

    def trained(self, model):
        """A run folder: one epoch on the frozen network."""
        def make(out):
            self.run_graft("train", self.data, "--model", model, "--weights", self.weights(model), "--preset",
                           "feature-extract", "--epochs", 1, "--device", self.device, "--out", out, "--quiet")
        return self._made_here(f"{model}-run", make)

    def trained_weights(self, model):
        """That run's model in the format of the peer."""
        def make(out):
            self.run_graft("export", self.trained(model), "--format", "pth", "--out", out, "--quiet")
        return self._made_here(f"{model}-trained.pth", make)

    def photos(self):
        """A dataset of 12-megapixel photos."""
        count = 8 if self.quick else 40

        def make(out):
            measure.run([self.python, str(BENCH / "photos.py"), self.data, out, "--count", str(count)])
        return self._made(f"photos-{count}-of-{Path(self.data).resolve().name}", make)

    def pictures(self, phase="val"):
        return sorted(p for p in Path(self.data, phase).rglob("*") if p.suffix.lower() in (".jpg", ".jpeg", ".png"))

    def classes(self):
        return sorted(p.name for p in Path(self.data, "train").iterdir() if p.is_dir())

    def scratch(self, name):
        """An unused path, removed at the end of this run."""
        return str(Path(tempfile.mkdtemp(dir=self._temporary.name), name))

    @cached_property
    def _temporary(self):
        return tempfile.TemporaryDirectory(dir=self.work)

    def _made_here(self, name, make):
        """Made again in each run of the comparison, because a new graft may write another file."""
        return self._made(os.path.join(os.path.basename(self._temporary.name), name), make)

    def _made(self, name, make):
        path = self.work / name
        if not path.exists():
            part = path.with_name(path.name + ".part")
            shutil.rmtree(part, ignore_errors=True)
            part.unlink(missing_ok=True)
            make(str(part))
            part.rename(path)
        return str(path)


def json_lines(text):
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]
