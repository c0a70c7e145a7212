from __future__ import annotations

from pathlib import Path

import pytest

from breeds.arguments import parse


def test_outside_sagemaker_every_argument_has_a_default() -> None:
    arguments = parse([], {})

    assert (arguments.fine_tune, arguments.epochs, arguments.batch_size) == ("head", 20, 64)
    assert (arguments.learning_rate, arguments.patience, arguments.seed) == (0.001, 3, 1)
    assert (arguments.backbone, arguments.image_size, arguments.device) == ("resnet50", 224, "auto")
    assert (arguments.data, arguments.pretrained) == (Path("dogImages"), None)
    assert arguments.model_dir == Path("output/model")
    assert arguments.output_dir == Path("output/data")
    assert arguments.checkpoint_dir == Path("output/checkpoints")


def test_on_sagemaker_places_come_from_its_variables_and_values_are_strings() -> None:
    environment = {
        "SM_MODEL_DIR": "/opt/ml/model",
        "SM_OUTPUT_DATA_DIR": "/opt/ml/output/data",
        "SM_CHANNEL_TRAINING": "/opt/ml/input/data/training",
        "SM_CHANNEL_PRETRAINED": "/opt/ml/input/data/pretrained",
    }

    arguments = parse(["--batch_size", "64", "--learning_rate", "0.005831981479799012"], environment)

    assert (arguments.batch_size, arguments.learning_rate) == (64, 0.005831981479799012)
    assert arguments.data == Path("/opt/ml/input/data/training")
    assert arguments.pretrained == Path("/opt/ml/input/data/pretrained")
    assert arguments.model_dir == Path("/opt/ml/model")
    assert arguments.output_dir == Path("/opt/ml/output/data")
    assert arguments.checkpoint_dir == Path("/opt/ml/checkpoints")


def test_an_argument_beats_the_environment() -> None:
    assert parse(["--data", "here"], {"SM_CHANNEL_TRAINING": "there"}).data == Path("here")


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--epochs", "0"], "got '0', allowed is a whole number from 1 to 1000"),
        (["--epochs", "2.5"], "got '2.5', allowed is a whole number from 1 to 1000"),
        (["--batch_size", "4097"], "got '4097', allowed is a whole number from 1 to 4096"),
        (["--learning_rate", "nan"], "got 'nan', allowed is a number from 1e-06 to 1"),
        (["--learning_rate", "5"], "got '5', allowed is a number from 1e-06 to 1"),
        (["--seed", "-1"], "got '-1', allowed is a whole number from 0 to 2147483647"),
        (["--fine_tune", "fc"], "invalid choice: 'fc'"),
        (["--epoch", "3"], "unrecognized arguments: --epoch 3"),
    ],
)
def test_a_refused_value_is_named_with_what_is_allowed(
    argv: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refusal:
        parse(argv, {})

    assert refusal.value.code == 2
    assert message in capsys.readouterr().err
