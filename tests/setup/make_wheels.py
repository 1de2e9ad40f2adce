"""make_wheels.py requirements.txt FOLDER: the indexes FOLDER/pypi, with a wheel of each requirement, and FOLDER/cpu, with
torch for CPUs. On pypi torch requires a package of NVIDIA, as on PyPI. The wheels hold zeros of sizes that differ."""

import pathlib
import sys
import zipfile


def make(index, name, version, megabytes, requires=""):
    folder = index / name
    folder.mkdir(parents=True)
    stem = f"{name.replace('-', '_')}-{version}"
    info = stem + ".dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    if requires:
        metadata += f"Requires-Dist: {requires}\n"
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{info}/METADATA", metadata)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{name.replace('-', '_')}/zeros", bytes(megabytes * 1_000_000))
        wheel.writestr(f"{info}/RECORD", "")
    path.with_name(path.name + ".metadata").write_text(metadata)


requirements, folder = sys.argv[1], pathlib.Path(sys.argv[2])
wanted = dict(line.split("==") for line in pathlib.Path(requirements).read_text().splitlines() if "==" in line)
torch = wanted.pop("torch")
for name, version in wanted.items():
    make(folder / "pypi", name, version, 11)
make(folder / "pypi", "torch", torch, 12, "nvidia-cublas==13.1; platform_system == 'Linux'")
make(folder / "pypi", "nvidia-cublas", "13.1", 30)
make(folder / "cpu", "torch", torch + "+cpu", 11)
