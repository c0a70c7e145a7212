"""`train` and `serve` of the project's own image: from SageMaker's files to the commands of this package.

SageMaker starts a container with the one argument `train` or `serve`, and puts what a job was asked for below /opt/ml.
On a laptop the same image takes the commands' own arguments.
Sources: https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html,
https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path("/opt/ml")
DISTRIBUTED = "sagemaker_torch_distributed_enabled"
PORT = "7777"


@dataclass(frozen=True)
class Command:
    """A program with its arguments, and what is added to the environment."""

    argv: Sequence[str]
    environment: Mapping[str, str]


def train_command(arguments: Sequence[str], root: Path, program: Path, processes: int) -> Command:
    """The training program with the hyperparameters of the job, or with `arguments` where there are any.

    `processes` are started per instance when the job asks to be distributed: one per GPU, or one.
    """
    hyperparameters = _read(root / "input/config/hyperparameters.json")
    resources = _read(root / "input/config/resourceconfig.json")
    hosts = [str(host) for host in resources.get("hosts", [])]
    environment = {
        "SM_MODEL_DIR": str(root / "model"),
        "SM_OUTPUT_DATA_DIR": str(root / "output/data"),
        "SM_HOSTS": json.dumps(hosts),
        **{f"SM_CHANNEL_{folder.name.upper()}": str(folder) for folder in _channels(root / "input/data")},
    }
    given = [
        text
        for name, value in sorted(hyperparameters.items())
        if not name.startswith("sagemaker_")
        for text in (f"--{name}", _text(value))
    ]
    launcher = [sys.executable, str(program)]
    if _text(hyperparameters.get(DISTRIBUTED, "false")).lower() == "true":
        launcher = [sys.executable, "-m", "torch.distributed.run", f"--nproc_per_node={processes}"]
        if len(hosts) > 1:
            rank = hosts.index(str(resources.get("current_host")))
            launcher += [f"--nnodes={len(hosts)}", f"--node_rank={rank}"]
            launcher += [f"--master_addr={hosts[0]}", f"--master_port={PORT}"]
        launcher.append(str(program))
    return Command([*launcher, *(arguments or given)], environment)


def serve_command(arguments: Sequence[str]) -> Command:
    """The server, reachable from outside the container."""
    return Command([sys.executable, "-m", "breeds.serve", "--host", "0.0.0.0", *arguments], {})


def _channels(folder: Path) -> list[Path]:
    """Those with something in them: a laptop may mount an empty folder for weights that there are not."""
    folders = sorted(path for path in folder.glob("[!.]*") if path.is_dir())
    return [channel for channel in folders if any(channel.iterdir())]


def _read(file: Path) -> dict[str, Any]:
    """An object of SageMaker's, or an empty one outside SageMaker."""
    return dict(json.loads(file.read_text())) if file.exists() else {}


def _text(value: Any) -> str:
    """A hyperparameter as an argument. Some clients write the text itself, others JSON of it."""
    try:
        decoded = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    return decoded if isinstance(decoded, str) else json.dumps(decoded)


def main(argv: Sequence[str]) -> None:
    """Becomes the program, so that it gets the container's signals. Exits with status 2 for another command."""
    if argv[:1] == ["train"]:
        import torch

        program = Path(__file__).parents[1] / "train.py"
        command = train_command(argv[1:], ROOT, program, max(1, torch.cuda.device_count()))
    elif argv[:1] == ["serve"]:
        command = serve_command(argv[1:])
    else:
        print(f"{argv[:1]} is no command of this image; there are train and serve", file=sys.stderr)
        sys.exit(2)
    os.execve(command.argv[0], list(command.argv), {**os.environ, **command.environment})


if __name__ == "__main__":
    main(sys.argv[1:])
