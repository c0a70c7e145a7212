"""The image folders: `<root>/{train,valid,test}/NNN.Name/*.jpg`, checked before anything is paid for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from breeds.distributed import Process
from breeds.errors import TrainingError

SPLITS = ("train", "valid", "test")
SUFFIXES = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True)
class Split:
    """Images of one split with their labels, in the order of their paths."""

    paths: tuple[Path, ...]
    labels: tuple[int, ...]


@dataclass(frozen=True)
class ImageFolders:
    """The three splits. A label is the place of its class among the sorted folder names, from 0."""

    root: Path
    class_names: tuple[str, ...]
    splits: dict[str, Split]


def scan(root: Path) -> ImageFolders:
    """Lists the images without opening one. Raises TrainingError for a layout that is not the documented one."""
    folders = {split: _class_folders(root, split) for split in SPLITS}
    class_names = tuple(sorted(folders["train"]))
    if len(class_names) < 2:
        raise TrainingError(f"{root / 'train'} has {len(class_names)} class folder(s), at least 2 are needed.")
    for split in SPLITS:
        differing = sorted(set(class_names) ^ set(folders[split]))
        if differing:
            raise TrainingError(
                f"{root / split} and {root / 'train'} have different classes: {_some(differing)}. Every split needs "
                "a folder with images for every class."
            )
    return ImageFolders(
        root,
        class_names,
        {
            split: Split(
                tuple(path for name in class_names for path in folders[split][name]),
                tuple(label for label, name in enumerate(class_names) for _ in folders[split][name]),
            )
            for split in SPLITS
        },
    )


def verify(folders: ImageFolders, process: Process) -> str:
    """Digest of all names and contents. Raises TrainingError if an image is in two splits, since a test on
    images that were trained on says nothing, and if the processes see different files.

    Contents are hashed, not decoded: the test images stay unseen until the end.
    """
    listing = [path.relative_to(folders.root).as_posix() for split in SPLITS for path in folders.splits[split].paths]
    if len(set(process.gather(_digest(listing)))) > 1:
        raise TrainingError(
            "the processes see different files: give every instance all of the data "
            "(S3DataDistributionType FullyReplicated, not ShardedByS3Key)."
        )
    # Every instance has the same copy, so reading it once is enough.
    digest, problem = process.gather(_verify_contents(folders) if process.leads else None)[0]
    if problem is not None:
        raise TrainingError(problem)
    return str(digest)


def _verify_contents(folders: ImageFolders) -> tuple[str | None, str | None]:
    seen: dict[str, tuple[str, str]] = {}
    shared: list[str] = []
    lines: list[str] = []
    try:
        # With FastFile every file is a request of its own, hence the threads.
        with ThreadPoolExecutor(16) as pool:
            for split in SPLITS:
                paths = folders.splits[split].paths
                for path, digest in zip(paths, pool.map(_file_digest, paths), strict=True):
                    name = path.relative_to(folders.root).as_posix()
                    lines.append(f"{digest}  {name}")
                    first_split, first_name = seen.setdefault(digest, (split, name))
                    if first_split != split:
                        shared.append(f"{first_name} = {name}")
    except OSError as error:
        return None, f"cannot read the data: {error}."
    if shared:
        return None, (
            f"{len(shared)} image(s) are in more than one split, so the result would be flattering: {_some(shared)}. "
            "Remove them from all but one split."
        )
    return _digest(lines), None


def _class_folders(root: Path, split: str) -> dict[str, list[Path]]:
    folder = root / split
    if not folder.is_dir():
        raise TrainingError(
            f"{folder} does not exist: --data needs a folder with {', '.join(SPLITS)}, each with a folder per class."
        )
    found = {
        entry.name: sorted(path for path in entry.iterdir() if path.suffix.lower() in SUFFIXES)
        for entry in folder.iterdir()
        if entry.is_dir() and not entry.name.startswith(".")
    }
    return {name: paths for name, paths in found.items() if paths}


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _some(items: Sequence[str]) -> str:
    return ", ".join(items[:5]) + (f" and {len(items) - 5} more" if len(items) > 5 else "")
