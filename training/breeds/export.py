"""The artifact: a folder that SageMaker packs as model.tar.gz, described by a manifest with digests.

Outside SageMaker `python -m breeds.export pack output/model model.tar.gz` packs it; `verify` and `unpack` check one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors.torch import save
from torch import Tensor

from breeds.archive import FORMAT_VERSION as FORMAT_VERSION
from breeds.archive import MANIFEST, NAME, file_sha256, pack, unpack, verify
from breeds.errors import TrainingError
from breeds.preprocessing import Preprocessing


def export(
    folder: Path,
    weights: Mapping[str, Tensor],
    backbone: str,
    class_names: Sequence[str],
    preprocessing: Preprocessing,
    metrics: Mapping[str, Any],
    more: Mapping[str, bytes] | None = None,
) -> None:
    """Writes model.safetensors, class_to_idx.json, preprocessing.json, metrics.json and, last, manifest.json, in place
    of a former artifact. `more` are further files by relative path, such as those of a serving image.

    Equal inputs give equal bytes. A reader takes the folder as complete if the manifest is there and its digests
    are right.
    """
    folder.mkdir(parents=True, exist_ok=True)
    _remove_former(folder)
    contents = {
        "model.safetensors": save({name: value.detach().cpu().contiguous() for name, value in weights.items()}),
        "class_to_idx.json": encode({name: label for label, name in enumerate(class_names)}),
        "preprocessing.json": encode(preprocessing.to_json()),
        "metrics.json": encode(metrics),
        **(more or {}),
    }
    for name, content in contents.items():
        write(folder / name, content)
    manifest = {
        "format_version": FORMAT_VERSION,
        "model": {"library": "torchvision", "backbone": backbone, "classes": len(class_names)},
        "files": {
            name: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
            for name, content in contents.items()
        },
    }
    write(folder / MANIFEST, encode(manifest))


def _remove_former(folder: Path) -> None:
    """What a former manifest lists and the new one does not would be unlisted files, which `verify` refuses."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        return
    try:
        listed = [str(name) for name in json.loads(manifest.read_bytes())["files"]]
    except (ValueError, KeyError, TypeError):
        # No manifest of ours, so none of the files is known to be ours.
        listed = []
    for name in listed:
        if NAME.fullmatch(name) is not None:
            (folder / name).unlink(missing_ok=True)
    manifest.unlink()


def encode(value: Any) -> bytes:
    """JSON for people and diffs; refuses nan and infinity, which are not JSON."""
    return (json.dumps(value, indent=2, sort_keys=True, allow_nan=False) + "\n").encode()


def write(file: Path, content: bytes) -> None:
    """Replaces a file in one step."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Several runs may share a folder, such as that of cached features.
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(file)


def main(argv: Sequence[str]) -> int:
    """Exit status: 0 done, 1 refused, 2 bad arguments."""
    parser = argparse.ArgumentParser(prog="breeds.export", description="Packs and checks an artifact.")
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("pack", help="folder to model.tar.gz; the same folder gives the same bytes")
    command.add_argument("folder", type=Path)
    command.add_argument("file", type=Path)
    command = commands.add_parser("verify", help="refuses changed, missing, unlisted and unsafe files")
    command.add_argument("artifact", type=Path, help="folder or model.tar.gz")
    command.add_argument("--sha256", help="what the archive's digest must be")
    command = commands.add_parser("unpack", help="verifies, then writes the files to a new folder")
    command.add_argument("artifact", type=Path)
    command.add_argument("folder", type=Path)
    command.add_argument("--sha256", help="what the archive's digest must be")
    options = parser.parse_args(argv)
    try:
        if options.command == "pack":
            print(f"sha256={pack(options.folder, options.file)} bytes={options.file.stat().st_size}")
        elif options.command == "unpack":
            unpack(options.artifact, options.folder, options.sha256)
            print(f"unpacked to {options.folder}")
        else:
            manifest = verify(options.artifact, options.sha256)
            digest = f" sha256={file_sha256(options.artifact)}" if options.artifact.is_file() else ""
            print(f"verified {len(manifest['files'])} files{digest}")
    except TrainingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
