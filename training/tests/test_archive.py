"""Packing and taking apart of artifacts, with archives that no honest program writes."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest
import torch
from conftest import Outcome

from breeds import archive
from breeds.archive import ArtifactError, pack, unpack, verify
from breeds.export import export, main
from breeds.preprocessing import Preprocessing
from breeds.serve.artifact import load_artifact


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An artifact with a file of a serving image in a subfolder."""
    weights = {"fc.weight": torch.arange(50_000, dtype=torch.float32), "fc.bias": torch.ones(3)}
    place = tmp_path / "model"
    export(place, weights, "resnet18", ["a", "b"], Preprocessing(), {"test": 1}, {"code/requirements.txt": b"torch\n"})
    return place


def tar(file: Path, entries: list[tuple[str, bytes | tarfile.TarInfo]], form: int = tarfile.PAX_FORMAT) -> Path:
    with tarfile.open(file, "w:gz", format=form) as made:
        for name, content in entries:
            if isinstance(content, tarfile.TarInfo):
                made.addfile(content)
                continue
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return file


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def link(name: str, kind: bytes, target: str = "/etc/passwd") -> tuple[str, tarfile.TarInfo]:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return name, entry


def test_the_same_folder_gives_the_same_bytes_whenever_and_by_whomever_it_was_written(
    folder: Path, tmp_path: Path
) -> None:
    first = pack(folder, tmp_path / "one.tar.gz")
    other = tmp_path / "elsewhere"
    for path in sorted(folder.rglob("*"), reverse=True):
        target = other / path.relative_to(folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file():
            target.write_bytes(path.read_bytes())
            os.utime(target, (1, 1))
            target.chmod(0o600)

    assert pack(other, tmp_path / "two.tar.gz") == first
    content = (tmp_path / "one.tar.gz").read_bytes()
    assert content == (tmp_path / "two.tar.gz").read_bytes()
    assert hashlib.sha256(content).hexdigest() == first


def test_the_archive_is_what_other_programs_read(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "model.tar.gz")

    # Python's gzip also checks length and checksum.
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress((tmp_path / "model.tar.gz").read_bytes()))) as packed:
        entries = packed.getmembers()
    assert [entry.name for entry in entries] == sorted(contents(folder))
    assert {(e.mtime, e.uid, e.gid, e.uname, e.gname, e.mode) for e in entries} == {(0, 0, 0, "", "", 0o644)}
    (tmp_path / "out").mkdir()
    subprocess.run(["tar", "-xzf", tmp_path / "model.tar.gz", "-C", tmp_path / "out"], check=True)
    assert contents(tmp_path / "out") == contents(folder)


def test_unpacking_gives_the_packed_files(folder: Path, tmp_path: Path) -> None:
    digest = pack(folder, tmp_path / "model.tar.gz")

    unpack(tmp_path / "model.tar.gz", tmp_path / "out", digest)

    assert contents(tmp_path / "out") == contents(folder)


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
def test_an_archive_of_the_folder_by_plain_tar_as_a_job_makes_it_is_accepted(
    folder: Path, tmp_path: Path, form: int
) -> None:
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz", format=form) as made:
        made.add(folder, arcname=".")

    assert set(verify(tmp_path / "model.tar.gz")["files"]) == set(contents(folder)) - {"manifest.json"}


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "archive"])
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("model.safetensors", b"tampered", "holds, changed, model.safetensors"),
        ("metrics.json", None, "lacks metrics.json"),
        ("manifest.json", None, "no manifest.json that can be read"),
        ("manifest.json", b"[]", "no manifest.json that can be read"),
        ("manifest.json", b'{"files": {"a": 1}}', "no manifest.json that can be read"),
        ("manifest.json", b'{"format_version": 2, "files": {}}', "has format_version 2, known is 1"),
        ("code/extra.py", b"import os", "holds, unlisted, code/extra.py"),
        ("model.pth", b"pickle", "holds 'model.pth', a format that can run code"),
        (".hidden", b"", "could leave the folder"),
    ],
)
def test_a_changed_missing_or_unlisted_file_is_refused(
    folder: Path, tmp_path: Path, packed: bool, name: str, content: bytes | None, message: str
) -> None:
    files: dict[str, Any] = contents(folder)
    if content is None:
        del files[name]
        (folder / name).unlink()
    else:
        files[name] = content
        (folder / name).write_bytes(content)
    artifact = tar(tmp_path / "model.tar.gz", sorted(files.items())) if packed else folder

    with pytest.raises(ArtifactError, match=message):
        verify(artifact)
    with pytest.raises(ArtifactError):
        unpack(tar(tmp_path / "model.tar.gz", sorted(files.items())), tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "entry",
    [
        ("../outside.txt", b"x"),
        ("/tmp/outside.txt", b"x"),
        ("code/../../outside.txt", b"x"),
        ("code\\..\\outside.txt", b"x"),
        ("", b"x"),
        link("inside", tarfile.SYMTYPE),
        link("inside", tarfile.LNKTYPE, "manifest.json"),
        link("pipe", tarfile.FIFOTYPE),
        link("device", tarfile.CHRTYPE),
        link("../folder", tarfile.DIRTYPE),
    ],
    ids=lambda entry: repr(entry[0]) + ("" if isinstance(entry[1], bytes) else f"-{entry[1].type.decode()}"),
)
def test_links_and_paths_that_could_leave_the_folder_are_refused(
    folder: Path, tmp_path: Path, entry: tuple[str, bytes | tarfile.TarInfo]
) -> None:
    place = tmp_path / "deep" / "place"
    artifact = tar(tmp_path / "model.tar.gz", [*contents(folder).items(), entry])

    with pytest.raises(ArtifactError, match="a link, a special file or a path that could leave the folder"):
        unpack(artifact, place)
    assert list(tmp_path.rglob("outside.txt")) == []
    assert list((tmp_path / "deep").iterdir()) == []


def test_a_link_in_a_folder_is_refused_even_to_the_right_bytes(folder: Path, tmp_path: Path) -> None:
    (folder / "model.safetensors").rename(tmp_path / "weights")
    (folder / "model.safetensors").symlink_to(tmp_path / "weights")

    with pytest.raises(ArtifactError, match=r"holds 'model\.safetensors', which is a link"):
        verify(folder)
    with pytest.raises(ArtifactError, match="which is a link"):
        pack(folder, tmp_path / "model.tar.gz")
    assert not (tmp_path / "model.tar.gz").exists()


@pytest.mark.parametrize(
    "manifest", [None, b"{", b"[]", b'{"files": {"../kept.txt": {}, "code/requirements.txt": {}}}']
)
def test_a_new_export_takes_the_place_of_a_former_one_and_touches_nothing_else(
    folder: Path, tmp_path: Path, manifest: bytes | None
) -> None:
    (tmp_path / "kept.txt").write_text("not ours")
    if manifest is not None:
        (folder / "manifest.json").write_bytes(manifest)

    export(folder, {"fc.bias": torch.ones(3)}, "resnet18", ["a", "b"], Preprocessing(), {})

    assert (tmp_path / "kept.txt").exists()
    former = folder / "code" / "requirements.txt"
    if manifest in (b"{", b"[]"):
        assert former.exists(), "of a manifest that cannot be read nothing is removed"
    else:
        assert not former.exists()
        assert len(verify(folder)["files"]) == 4


def test_a_file_that_occurs_twice_is_refused(folder: Path, tmp_path: Path) -> None:
    entries: list[tuple[str, bytes | tarfile.TarInfo]] = [*contents(folder).items(), ("metrics.json", b"{}")]

    with pytest.raises(ArtifactError, match=r"'metrics\.json' occurs twice"):
        verify(tar(tmp_path / "model.tar.gz", entries))


def test_an_archive_that_would_unpack_to_too_much_is_refused_before_it_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "LARGEST", 300_000)
    artifact = tar(tmp_path / "model.tar.gz", [("zeros.txt", bytes(10_000_000)), *contents(folder).items()])

    with pytest.raises(ArtifactError, match="above 300000 bytes"):
        verify(artifact)


@pytest.mark.parametrize("length", [0, 20, 700, 100_000])
def test_a_download_that_broke_off_is_refused(folder: Path, tmp_path: Path, length: int) -> None:
    pack(folder, tmp_path / "model.tar.gz")
    content = (tmp_path / "model.tar.gz").read_bytes()
    assert len(content) > length
    (tmp_path / "model.tar.gz").write_bytes(content[:length])

    with pytest.raises(ArtifactError):
        verify(tmp_path / "model.tar.gz")


def test_every_flipped_byte_of_a_file_is_noticed(folder: Path, tmp_path: Path) -> None:
    content = (folder / "preprocessing.json").read_bytes()
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        (folder / "preprocessing.json").write_bytes(changed)
        with pytest.raises(ArtifactError, match=r"holds, changed, preprocessing\.json"):
            verify(folder)


def test_an_archive_with_another_digest_than_expected_is_refused(folder: Path, tmp_path: Path) -> None:
    digest = pack(folder, tmp_path / "model.tar.gz")

    with pytest.raises(ArtifactError, match=f"the SHA-256 is {digest}, expected is 00"):
        verify(tmp_path / "model.tar.gz", "00")
    with pytest.raises(ArtifactError, match="a folder, which has none"):
        verify(folder, digest)


def test_an_existing_folder_is_not_unpacked_into(folder: Path, tmp_path: Path) -> None:
    pack(folder, tmp_path / "model.tar.gz")

    with pytest.raises(ArtifactError, match="exists"):
        unpack(tmp_path / "model.tar.gz", folder)


def test_the_commands_say_the_digest_and_what_is_wrong(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "model.tar.gz"
    assert main(["pack", str(folder), str(file)]) == 0
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert capsys.readouterr().out == f"sha256={digest} bytes={file.stat().st_size}\n"

    assert main(["verify", str(file), "--sha256", digest]) == 0
    assert capsys.readouterr().out == f"verified 5 files sha256={digest}\n"
    assert main(["unpack", str(file), str(tmp_path / "out")]) == 0

    (tmp_path / "out" / "metrics.json").write_text("{}")
    assert main(["verify", str(tmp_path / "out")]) == 1
    assert "holds, changed, metrics.json. It is not what was exported" in capsys.readouterr().err


def test_a_trained_model_is_packed_verified_and_loaded_without_a_socket(
    trained: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = shutil.copytree(trained.folder / "model", tmp_path / "model")
    assert pack(trained.folder / "model", tmp_path / "a.tar.gz") == pack(copy, tmp_path / "b.tar.gz")

    def no_socket(*_parts: object, **_more: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", no_socket)
    monkeypatch.setattr(socket, "getaddrinfo", no_socket)
    unpack(tmp_path / "a.tar.gz", tmp_path / "out")
    artifact = load_artifact(tmp_path / "out")

    with torch.inference_mode():
        assert artifact.model(torch.zeros(1, 3, 32, 32)).shape == (1, 3)
    assert json.loads((tmp_path / "out" / "class_to_idx.json").read_text()) == {
        name: label for label, name in enumerate(artifact.class_names)
    }
