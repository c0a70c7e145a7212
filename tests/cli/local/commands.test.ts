import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  epochs,
  pairTraining,
  placesIn,
  programEnvironment,
  singleTraining,
  testAccuracy,
  trainingProgress,
} from "../../../cli/core/local/commands";
import type { PipelineResult } from "../../../cli/core/local/pipeline";
import { isConvincing, localJson, localText } from "../../../cli/core/local/report";
import { readyPort } from "../../../cli/core/local/serve";
import { layoutOf } from "../../../plan/report/layout";

describe("the programs of a local run", () => {
  const places = placesIn("/tmp/run");

  it("write everything below the run's own folder", () => {
    for (const args of [singleTraining(places), pairTraining(places, 1234)]) {
      for (const option of ["--data", "--model_dir", "--output_dir", "--checkpoint_dir"])
        assert.match(args[args.indexOf(option) + 1] ?? "", /^\/tmp\/run\//, option);
    }
  });

  it("are two processes on loopback that go on from the weights of the first training", () => {
    const text = pairTraining(places, 1234).join(" ");

    assert.match(
      text,
      /-m torch\.distributed\.run --nnodes 1 --nproc_per_node 2 --master_addr 127\.0\.0\.1 --master_port 1234 train\.py/,
    );
    assert.match(text, /--pretrained \/tmp\/run\/single\/model\/model\.safetensors/);
  });

  it("see nothing of a SageMaker container or of another torchrun around them", () => {
    const env = programEnvironment({
      ...{
        PATH: "/bin",
        SM_MODEL_DIR: "/opt/ml/model",
        SM_CHANNEL_PRETRAINED: "/x",
        WORLD_SIZE: "4",
        RANK: "1",
      },
      ...{ LOCAL_RANK: "1", MASTER_ADDR: "algo-1", TORCHELASTIC_RUN_ID: "x", OMP_NUM_THREADS: "64" },
    });

    assert.deepEqual(Object.keys(env).sort(), [
      "GLOO_SOCKET_IFNAME",
      "OMP_NUM_THREADS",
      "PATH",
      "PYTHONDONTWRITEBYTECODE",
      "PYTHONUNBUFFERED",
    ]);
    assert.equal(env.OMP_NUM_THREADS, "1");
  });

  it("tell how far they are, and the accuracy at the end", () => {
    const line =
      "epoch=3 train_loss=0.4321 validation_loss=0.5678 validation_accuracy=0.8123 images_per_second=123.4";

    assert.equal(trainingProgress(line, epochs.single), "epoch 3 of 8, validation accuracy 81 %");
    assert.equal(trainingProgress("best_epoch=2 best_validation_accuracy=0.8201", 8), undefined);
    assert.equal(
      testAccuracy(`${line}\ntest_loss=0.5601 test_accuracy=0.8190 test_macro_recall=0.8011\n`),
      0.819,
    );
    assert.equal(testAccuracy(line), undefined);
  });

  it("name the port they serve at", () => {
    assert.equal(readyPort('{"message": "ready", "host": "127.0.0.1", "port": 40123}'), 40123);
    for (const line of [
      '{"message": "loading", "port": 1}',
      '{"message": "ready"',
      "ready",
      '{"message":"ready","port":"1"}',
    ])
      assert.equal(readyPort(line), undefined, line);
  });
});

describe("the report of a local run", () => {
  const label = (name: string) => ({ index: 0, label: name, probability: 0.9 });
  const result = (correct: number): PipelineResult => ({
    timings: [
      { step: "make", seconds: 1 },
      { step: "train, one process", seconds: 20.04 },
    ],
    dataDigest: "d".repeat(64),
    archiveDigest: "a".repeat(64),
    testAccuracy: { single: 1, pair: undefined },
    target: { kind: "local", title: "the function, in front of http://127.0.0.1:1" },
    correct,
    outcome: {
      ...{ requests: 2, answered: 2, failed: 0, notSent: 0, perSecond: 5, models: ["m".repeat(64)] },
      latency: { p50: 10, p90: 20, p99: 20, max: 20 },
      inputs: ["001.Red_vertical", "002.Green_horizontal"].map((name) => ({
        ...{ name: `${name}/${name.slice(4)}_00001.jpg`, answered: 1, failed: 0, milliseconds: 10 },
        labels: [label(name)],
      })),
      failures: [],
      status: 0,
    },
  });

  it("is convinced by more than half, and by no failed call", () => {
    assert.equal(isConvincing(result(2)), true);
    assert.equal(isConvincing(result(1)), false);
    assert.equal(isConvincing({ ...result(2), outcome: { ...result(2).outcome, failed: 1 } }), false);
    const nothing = { ...result(0).outcome, requests: 0, answered: 0 };
    assert.equal(isConvincing({ correct: 0, outcome: nothing }), false);
  });

  it("ends with the verdict, and fits the terminal", () => {
    for (const width of [60, 80, 140]) {
      const text = localText(result(2), undefined, layoutOf(width, false));

      assert.match(text, /\n2 of 2 images correctly predicted\.\n$/);
      assert.ok(
        text.split("\n").every((line) => line.length <= width),
        text,
      );
    }
    assert.match(
      localText(result(1), "/tmp/x", layoutOf(80, false)),
      /\nKept in \/tmp\/x\n\nOnly 1 of 2 images correctly predicted\.\n$/,
    );
  });

  it("shows a digest whole where it fits, and never broken", () => {
    const shown = (width: number) => localText(result(2), undefined, layoutOf(width, false));

    assert.match(shown(80), /\n {2}data {10}d{64}\n {2}model\.tar\.gz {2}a{64}\n/);
    assert.match(shown(79), /\n {2}data {10}d{12}…\n {2}model\.tar\.gz {2}a{12}…\n/);
  });

  it("has colours on a terminal only", () => {
    assert.ok(!localText(result(2), undefined, layoutOf(80, false)).includes("\u001b["));
    assert.ok(localText(result(2), undefined, layoutOf(80, true)).includes("\u001b[32m"));
  });

  it("is one JSON object for programs", () => {
    const {
      ok,
      correct,
      sent,
      predictions,
      testAccuracy: accuracy,
      seconds,
    } = JSON.parse(localJson(result(2), undefined));

    assert.deepEqual({ ok, correct, sent }, { ok: true, correct: 2, sent: 2 });
    assert.deepEqual(predictions[0], {
      image: "001.Red_vertical/Red_vertical_00001.jpg",
      label: "001.Red_vertical",
      probability: 0.9,
      milliseconds: 10,
    });
    assert.deepEqual(accuracy, { oneProcess: 1, twoProcesses: null });
    assert.deepEqual(seconds, { make: 1, "train, one process": 20.04 });
  });
});
