"""model.tar.gz: packed to the same bytes on every machine, and taken apart with distrust."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from breeds.errors import TrainingError
from breeds.stored_gzip import StoredGzip

FORMAT_VERSION = 1
MANIFEST = "manifest.json"
# Relative, no "..", no backslash: harmless on any system.
NAME = re.compile(r"(?!.*\.\.)[\w-][\w.-]*(/[\w-][\w.-]*)*")
# Formats that run code when they are read; the weights are safetensors.
PICKLES = (".bin", ".ckpt", ".joblib", ".pickle", ".pkl", ".pt", ".pth")
LARGEST = 4 * 2**30
LARGEST_MANIFEST = 2**20
MOST_FILES = 1000


class ArtifactError(TrainingError):
    """An artifact that is not what its manifest says. Do not load it."""


@dataclass(frozen=True)
class _Entry:
    """One file found: its size in bytes and SHA-256."""

    size: int
    sha256: str


# Where verified bytes go to, by file name.
Sink = Callable[[str], IO[bytes]]


def pack(folder: Path, file: Path) -> str:
    """Packs an exported folder, after verifying it, and returns the SHA-256 of the archive.

    The gzip is stored, not compressed: float weights shrink by a few percent only, and compressors differ between
    versions, while an artifact is named by its digest.
    """
    verify(folder)
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f".{file.name}.partial")
    with partial.open("wb") as target:
        stored = StoredGzip(target)
        with tarfile.open(fileobj=stored, mode="w|", format=tarfile.USTAR_FORMAT) as archive:
            for name in names:
                entry = tarfile.TarInfo(name)
                entry.size, entry.mode = (folder / name).stat().st_size, 0o644
                with (folder / name).open("rb") as content:
                    archive.addfile(entry, content)
        stored.finish()
    partial.replace(file)
    return file_sha256(file)


def verify(artifact: Path, expected_sha256: str | None = None, sink: Sink | None = None) -> dict[str, Any]:
    """The manifest of a folder or a model.tar.gz, once all files are exactly those it lists, with their digests.

    `expected_sha256` is that of the archive. `sink` receives the files while they are read, before they are known to
    be right. Raises ArtifactError for files that are changed, missing, unlisted, links, of a pickle format or outside
    of the artifact.
    """
    if expected_sha256 is not None:
        found = file_sha256(artifact) if artifact.is_file() else "a folder, which has none"
        if found != expected_sha256:
            raise ArtifactError(f"{artifact}: the SHA-256 is {found}, expected is {expected_sha256}. Fetch it again.")
    try:
        entries, manifest_bytes = _inspect(artifact, sink)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        raise ArtifactError(f"{artifact} is not a folder or model.tar.gz that can be read ({error}).") from error
    return _compare(artifact, entries, manifest_bytes)


def unpack(artifact: Path, folder: Path, expected_sha256: str | None = None) -> dict[str, Any]:
    """Verifies a model.tar.gz and writes its files to `folder`, which must not be there: all of them or none."""
    if folder.exists():
        raise ArtifactError(f"{folder} exists. Name a folder that does not, or remove it.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:

        def sink(name: str) -> IO[bytes]:
            target = Path(temporary) / "artifact" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            return target.open("xb")

        manifest = verify(artifact, expected_sha256, sink)
        shutil.move(Path(temporary) / "artifact", folder)
    return manifest


def file_sha256(file: Path) -> str:
    """SHA-256 of a file's content."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(2**20):
            digest.update(chunk)
    return digest.hexdigest()


def _inspect(artifact: Path, sink: Sink | None) -> tuple[dict[str, _Entry], bytes]:
    entries: dict[str, _Entry] = {}
    manifest_bytes = b""
    total = 0
    files = _folder_files if artifact.is_dir() and not artifact.is_symlink() else _archive_files
    for name, size, stream in files(artifact):
        total += size
        if name in entries or total > LARGEST or len(entries) >= MOST_FILES:
            raise ArtifactError(
                f"{artifact}: {name!r} occurs twice, or the artifact is above {LARGEST} bytes or {MOST_FILES} files."
            )
        if name.lower().endswith(PICKLES):
            raise ArtifactError(f"{artifact} holds {name!r}, a format that can run code. Weights are safetensors.")
        if name == MANIFEST:
            manifest_bytes = stream.read(LARGEST_MANIFEST)
            stream = io.BytesIO(manifest_bytes)
        entries[name] = _read(stream, name, sink)
    return entries, manifest_bytes


def _compare(artifact: Path, entries: dict[str, _Entry], manifest_bytes: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(manifest_bytes)
        listed = {name: _Entry(int(told["bytes"]), str(told["sha256"])) for name, told in manifest["files"].items()}
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ArtifactError(f"{artifact} has no {MANIFEST} that can be read. Export the model again.") from error
    if manifest.get("format_version") != FORMAT_VERSION:
        raise ArtifactError(
            f"{artifact} has format_version {manifest.get('format_version')!r}, known is {FORMAT_VERSION}."
        )
    found = {name: entry for name, entry in entries.items() if name != MANIFEST}
    for problem, names in (
        ("lacks", listed.keys() - found.keys()),
        ("holds, unlisted,", found.keys() - listed.keys()),
        ("holds, changed,", {name for name in listed.keys() & found.keys() if listed[name] != found[name]}),
    ):
        if names:
            raise ArtifactError(
                f"{artifact} {problem} {', '.join(sorted(names)[:5])}. It is not what was exported: fetch it again."
            )
    values: dict[str, Any] = manifest
    return values


def _folder_files(folder: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        _check_name(folder, name, path.is_symlink() or not (path.is_file() or path.is_dir()))
        if path.is_file():
            with path.open("rb") as stream:
                yield name, path.stat().st_size, stream


def _archive_files(file: Path) -> Iterator[tuple[str, int, IO[bytes]]]:
    with tarfile.open(file, "r|gz") as archive:
        for entry in archive:
            # tar writes "./name" when it packs ".", as SageMaker may.
            name = entry.name.removeprefix("./")
            if entry.isdir() and name in ("", "."):
                continue
            regular = entry.isreg() and not entry.issparse()
            _check_name(file, name, not (regular or entry.isdir()))
            content = archive.extractfile(entry) if regular else None
            if content is not None:
                yield name, entry.size, content


def _check_name(artifact: Path, name: str, special: bool) -> None:
    if special or NAME.fullmatch(name) is None:
        raise ArtifactError(
            f"{artifact} holds {name[:100]!r}, which is a link, a special file or a path that could leave the folder."
        )


def _read(stream: IO[bytes], name: str, sink: Sink | None) -> _Entry:
    digest, size = hashlib.sha256(), 0
    target = None if sink is None else sink(name)
    try:
        while chunk := stream.read(2**20):
            digest.update(chunk)
            size += len(chunk)
            if target is not None:
                target.write(chunk)
    finally:
        if target is not None:
            target.close()
    return _Entry(size, digest.hexdigest())
