"""`python -m bench.serving` compares one serving worker with two and prints JSON.

The load comes from a process of its own with as many connections as workers, each sending the next image when it has
the answer to the last. Both servers run at the same time and are measured in turns, so that whatever else the machine
does hits both alike. The ratio of requests per second is what counts on an idle machine; on a busy one, the ratio
of requests to CPU seconds tells what was lost to serving with two.
"""

from __future__ import annotations

import argparse
import http.client
import io
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

TRAINING = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")


def write_model(folder: Path, backbone: str, image_size: int) -> None:
    """An artifact with random weights: what they are does not change how long they take."""
    import torch

    from breeds.export import export
    from breeds.model import build
    from breeds.preprocessing import Preprocessing

    torch.manual_seed(1)
    names = [f"{number:03}.Breed_{number}" for number in range(133)]
    weights = build(backbone, len(names), "head", None).model.state_dict()
    export(folder, weights, backbone, names, Preprocessing.of_size(image_size), {})


def photograph(width: int = 640, height: int = 480) -> bytes:
    """A JPEG of the usual size, with noise, as a photograph has it."""
    import numpy
    from PIL import Image

    pixels = numpy.random.default_rng(1).integers(0, 256, (height // 8, width // 8, 3), dtype=numpy.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).resize((width, height), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def load(port: int, connections: int, seconds: float, image: bytes) -> dict[str, Any]:
    """Sends images for `seconds`; runs in the process of the client."""
    latencies: list[float] = []
    deadline = time.perf_counter() + seconds
    failures: list[int] = []

    def ask() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        while time.perf_counter() < deadline:
            begun = time.perf_counter()
            connection.request("POST", "/invocations", image, {"Content-Type": "image/jpeg"})
            response = connection.getresponse()
            response.read()
            if response.status != 200:
                failures.append(response.status)
            latencies.append(time.perf_counter() - begun)
        connection.close()

    begun = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - begun
    usage = resource.getrusage(resource.RUSAGE_SELF)
    client = usage.ru_utime + usage.ru_stime
    return {"requests": len(latencies), "seconds": elapsed, "latencies": latencies, "failures": failures, "cpu": client}


class Served:
    """One server, and what was measured of it."""

    def __init__(self, model: Path, workers: int) -> None:
        self.workers = workers
        arguments = ["--model", str(model), "--port", "0", "--workers", str(workers), "--quiet"]
        program = [sys.executable, "-m", "breeds.serve", *arguments]
        self.process = subprocess.Popen(program, cwd=TRAINING, stdout=subprocess.PIPE, text=True)
        self.runs: list[dict[str, Any]] = []

    def wait(self) -> None:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("the server did not start")
        ready = json.loads(line)
        self.port, self.start_seconds = ready["port"], ready["seconds"]

    def tree(self) -> list[int]:
        """The server and its workers."""
        found = [self.process.pid]
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                if int(stat.read_text().rpartition(")")[2].split()[1]) == self.process.pid:
                    found.append(int(stat.parent.name))
            except OSError:
                continue
        return found

    def cpu_seconds(self) -> float:
        fields = [Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split() for process in self.tree()]
        return sum(int(line[11]) + int(line[12]) for line in fields) / TICKS

    def peak_bytes(self) -> int:
        texts = [Path(f"/proc/{process}/status").read_text() for process in self.tree()]
        return sum(int(text.partition("VmHWM:")[2].split()[0]) * 1024 for text in texts)

    def measure(self, seconds: float) -> None:
        before = self.cpu_seconds()
        program = [sys.executable, "-m", "bench.serving", "--client", str(self.port), str(self.workers), str(seconds)]
        out = subprocess.run(program, cwd=TRAINING, stdout=subprocess.PIPE, text=True, check=True).stdout
        self.runs.append({**json.loads(out), "server_cpu": self.cpu_seconds() - before})

    def result(self) -> dict[str, Any]:
        requests = sum(run["requests"] for run in self.runs)
        latencies = sorted(latency for run in self.runs for latency in run["latencies"])
        return {
            "workers": self.workers,
            "requests": requests,
            "failures": sum(len(run["failures"]) for run in self.runs),
            "requests_per_second": statistics.median(run["requests"] / run["seconds"] for run in self.runs),
            "p50_ms": 1000 * statistics.median(latencies),
            "p95_ms": 1000 * latencies[int(0.95 * (len(latencies) - 1))],
            "server_cpu_ms_per_request": 1000 * sum(run["server_cpu"] for run in self.runs) / requests,
            "cores_busy": sum(run["server_cpu"] for run in self.runs) / sum(run["seconds"] for run in self.runs),
            "client_cpu_ms_per_request": 1000 * sum(run["cpu"] for run in self.runs) / requests,
            "start_seconds": self.start_seconds,
            "peak_memory_bytes": self.peak_bytes(),
        }


def compare(backbone: str, image_size: int, rounds: int, seconds: float) -> dict[str, Any]:
    """Both servers, measured in turns."""
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model"
        write_model(model, backbone, image_size)
        servers = [Served(model, 1), Served(model, 2)]
        try:
            for server in servers:
                server.wait()
            for number in range(rounds):
                # Which one begins changes, so that a trend favours neither.
                for server in servers if number % 2 == 0 else servers[::-1]:
                    server.measure(seconds)
                    speed = server.runs[-1]["requests"] / server.runs[-1]["seconds"]
                    print(f"{server.workers} worker(s): {speed:.2f} requests/s", file=sys.stderr, flush=True)
            one, two = (server.result() for server in servers)
        finally:
            for server in servers:
                server.process.terminate()
            for server in servers:
                server.process.wait()
    pairs = zip(servers[0].runs, servers[1].runs, strict=True)
    ratios = [b["requests"] / b["seconds"] / (a["requests"] / a["seconds"]) for a, b in pairs]
    return {
        "measurement": "serving, one and two workers, one thread each, one image per request",
        "backbone": backbone,
        "image_size": image_size,
        "machine": {"cores": len(os.sched_getaffinity(0)), "platform": platform.platform(), "load": os.getloadavg()},
        "one_worker": one,
        "two_workers": two,
        "ratio_of_requests_per_second": statistics.median(ratios),
        "ratios": ratios,
        # 2 when a request costs no more CPU time with two workers than with one.
        "ratio_if_both_cores_were_free": 2 * one["server_cpu_ms_per_request"] / two["server_cpu_ms_per_request"],
        "target": 1.7,
    }


def main() -> None:
    """Exit status 0 whatever the ratio: a busy machine proves nothing."""
    parser = argparse.ArgumentParser(prog="python -m bench.serving", description="One serving worker and two.")
    parser.add_argument("--backbone", default="resnet50")
    parser.add_argument("--image_size", type=int, default=224)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--output", type=Path, help="writes the JSON there too")
    parser.add_argument("--client", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.client is not None:
        port, connections, seconds = options.client
        print(json.dumps(load(int(port), int(connections), float(seconds), photograph())))
        return
    text = json.dumps(compare(options.backbone, options.image_size, options.rounds, options.seconds), indent=2)
    print(text)
    if options.output is not None:
        options.output.write_text(text + "\n")


if __name__ == "__main__":
    main()
