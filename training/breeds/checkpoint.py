"""Checkpoints: written by rank 0, whole or not at all, and refused by a run they do not belong to."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import torch
from torch import distributed

from breeds.distributed import Process
from breeds.errors import TrainingError

FILE_NAME = "checkpoint.pt"


class NoCheckpoints:
    """For trainings of seconds, which start again when they were stopped."""

    def save(self, state: dict[str, Any]) -> None:
        """Keeps nothing."""

    def load(self) -> dict[str, Any] | None:
        """There is never a state to continue from."""
        return None


class CheckpointStore:
    """The checkpoint of one run. `identity` holds what makes its result; a different one is another run."""

    def __init__(self, folder: Path, identity: dict[str, Any], process: Process) -> None:
        self.file, self.identity, self.process = folder / FILE_NAME, identity, process

    def save(self, state: dict[str, Any]) -> None:
        """Replaces the checkpoint in one step: SageMaker copies the folder to S3 while the job runs."""
        if not self.process.leads:
            return
        self.file.parent.mkdir(parents=True, exist_ok=True)
        partial = self.file.with_suffix(".partial")
        with partial.open("wb") as stream:
            torch.save({"identity": self.identity, **state, "rng": _rng_state()}, stream)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(self.file)

    def load(self) -> dict[str, Any] | None:
        """The state to continue from, on the CPU, or None. Raises TrainingError for one of another run."""
        content = self._read()
        if content is None:
            return None
        try:
            state: dict[str, Any] = torch.load(io.BytesIO(content), map_location="cpu", weights_only=True)
        except Exception as error:  # torch raises many kinds for a damaged file
            raise TrainingError(f"{self.file} is damaged ({error}). Delete it to start again.") from error
        was = state["identity"]
        differing = [
            f"{name} was {was.get(name)!r}, is {self.identity.get(name)!r}"
            for name in sorted(was.keys() | self.identity.keys())
            if was.get(name) != self.identity.get(name)
        ]
        if differing:
            raise TrainingError(
                f"{self.file} belongs to another run: {'; '.join(differing)}. Give this run another "
                "--checkpoint_dir, or delete the file to start again."
            )
        _restore_rng(state["rng"])
        return state

    def _read(self) -> bytes | None:
        content = self.file.read_bytes() if self.process.leads and self.file.exists() else None
        if self.process.world_size == 1:
            return content
        # Only rank 0 writes, so only its copy counts, whatever the other instances hold.
        size = self.process.gather(None if content is None else len(content))[0]
        if size is None:
            return None
        buffer = torch.frombuffer(bytearray(content or bytes(size)), dtype=torch.uint8).to(self.process.device)
        distributed.broadcast(buffer, src=0)
        return buffer.cpu().numpy().tobytes()


def _rng_state() -> dict[str, Any]:
    return {
        "cpu": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state() if torch.cuda.is_available() else None,
    }


def _restore_rng(state: dict[str, Any]) -> None:
    torch.set_rng_state(state["cpu"])
    if state["cuda"] is not None and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])
