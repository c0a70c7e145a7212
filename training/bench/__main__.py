"""`python -m bench` measures, prints JSON, and says on stderr how far it is. `--output FILE` writes the JSON too.

Every measurement is a process of its own on one core with one thread. A ratio of CPU times says what an idle machine
would do, when others use the cores as well; it leaves out waiting.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from bench.images import COUNTS, SIZE, write_backbone, write_images


def cores() -> list[int]:
    """Cores that this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))


def measure(name: str, folder: Path, processes: int = 1) -> list[dict[str, Any]]:
    """What each process of one measurement says."""
    begun = time.perf_counter()
    print(f"{name}, {processes} process(es) ...", file=sys.stderr, end=" ", flush=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = []
    for rank in range(processes):
        group = {"WORLD_SIZE": str(processes), "RANK": str(rank), "LOCAL_RANK": str(rank)}
        place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "GLOO_SOCKET_IFNAME": "lo"}
        running.append(
            subprocess.Popen(
                [sys.executable, "-m", "bench.cases", name, str(folder), str(cores()[rank % len(cores())])],
                env={**os.environ, "OMP_NUM_THREADS": "1", **(group | place if processes > 1 else {})},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[1],
            )
        )
    outcomes = []
    for process in running:
        out, err = process.communicate()
        if process.returncode != 0:
            raise SystemExit(f"the measurement {name} failed:\n{err}")
        outcomes.append(json.loads(out))
    print(f"{time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    return outcomes


def ratios(measured: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """What is promised, by wall clock and by CPU time, with what is wanted."""
    end_to_end, features, tuning = measured["end_to_end"][0], measured["features"][0], measured["tuning"][0]
    one, two, starter = measured["full_1"][0], measured["full_2"], measured["starter_loop"][0]

    def ratio(wall: float, cpu: float, target: str, met: bool) -> dict[str, Any]:
        return {"wall": wall, "cpu": cpu, "target": target, "met_by_wall": met}

    epoch = end_to_end["seconds"] / features["seconds"]
    passes = tuning["seconds"] / features["pass_seconds"]
    speedup = one["training_seconds"] / max(share["training_seconds"] for share in two)
    wait = one["data_wait_percent"]
    return {
        "head_epoch_on_features_times_faster": ratio(
            epoch, end_to_end["cpu_seconds"] / features["cpu_seconds"], ">= 100", epoch >= 100
        ),
        "search_of_20_trials_in_forward_passes": ratio(
            passes, tuning["cpu_seconds"] / features["pass_cpu_seconds"], "<= 1.3", passes <= 1.3
        ),
        "two_processes_times_faster": ratio(
            speedup, one["cpu_seconds"] / max(share["cpu_seconds"] for share in two), ">= 1.6", speedup >= 1.6
        ),
        "data_wait_percent_of_step": {"wall": wait, "target": "< 10", "met_by_wall": wait < 10},
        "recording_percent_of_epoch": {"wall": 100 * one["recording_seconds"] / one["training_seconds"]},
        "starter_epoch_in_epochs_on_features": {
            "wall": starter["seconds"] / features["seconds"],
            "cpu": starter["cpu_seconds"] / features["cpu_seconds"],
        },
        "starter_epoch_in_end_to_end_epochs": {
            "wall": starter["seconds"] / end_to_end["seconds"],
            "cpu": starter["cpu_seconds"] / end_to_end["cpu_seconds"],
        },
    }


def main() -> int:
    """Runs all measurements."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--output", type=Path, default=None, help="also write the JSON here")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    if len(cores()) < 2:
        raise SystemExit("two cores are needed to compare two processes with one")
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write_images(folder / "dogImages")
        write_backbone(folder / "resnet50.safetensors")
        measured = {name: measure(name, folder) for name in ("end_to_end", "features", "tuning", "starter_loop")}
        measured |= {f"full_{count}": measure("full", folder, count) for count in (1, 2)}
    result = {
        "machine": {"cpu": platform.processor() or platform.machine(), "cores": len(cores()), "load_before": load},
        "versions": {"python": platform.python_version(), "torch": str(torch.__version__)},
        "data": {"images": COUNTS, "pixels": SIZE, "backbone": "resnet50", "image_size": 224},
        "ratios": ratios(measured),
        "peak_memory_mib": {name: max(one["peak_memory_mib"] for one in many) for name, many in measured.items()},
        "measured": measured,
    }
    text = json.dumps(result, indent=2)
    if options.output is not None:
        options.output.write_text(text + "\n")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
