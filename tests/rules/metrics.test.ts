import assert from "node:assert/strict";
import { metricDefinitions } from "../../infra/rules/metrics";

/** What SageMaker records from one log line: every metric whose expression matches, by its first group. */
function recorded(line: string): Record<string, number> {
  return Object.fromEntries(
    metricDefinitions.flatMap(({ name, regex }) => {
      const value = new RegExp(regex).exec(line)?.[1];
      return value === undefined ? [] : [[name, Number(value)]];
    }),
  );
}

const epoch = "epoch=3 train_loss=0.4321 validation_loss=0.5678 validation_accuracy=0.8123";

const table: [what: string, line: string, expected: Record<string, number>][] = [
  [
    "an epoch",
    `${epoch} images_per_second=123.4 data_wait_percent=3.1`,
    {
      "train:loss": 0.4321,
      "validation:loss": 0.5678,
      "validation:accuracy": 0.8123,
      "train:images_per_second": 123.4,
      "train:data_wait_percent": 3.1,
    },
  ],
  [
    "the best epoch, which counts as the last validation",
    "best_epoch=2 best_validation_loss=0.5100 best_validation_accuracy=0.8300",
    { "validation:loss": 0.51, "validation:accuracy": 0.83 },
  ],
  [
    "the test",
    "test_loss=0.5 test_accuracy=0.81 test_macro_recall=0.79",
    { "test:loss": 0.5, "test:accuracy": 0.81, "test:macro_recall": 0.79 },
  ],
  [
    "scientific notation",
    "train_loss=1.5e-05 validation_loss=2E+3",
    { "train:loss": 1.5e-5, "validation:loss": 2000 },
  ],
  ["a sign and no fraction", "train_loss=-2 validation_loss=+1.", { "train:loss": -2, "validation:loss": 1 }],
  [
    "a prefix of the log stream",
    `[1,mpirank:0,algo-1]<stdout>: ${epoch}`,
    {
      "train:loss": 0.4321,
      "validation:loss": 0.5678,
      "validation:accuracy": 0.8123,
    },
  ],
  ["commas between", "train_loss=0.4, validation_loss=0.5;", { "train:loss": 0.4, "validation:loss": 0.5 }],
  ["not a number", "train_loss=nan validation_loss=inf test_loss=-inf", {}],
  ["another key that ends alike", "pretrain_loss=0.4 my_validation_loss=0.5 worst_validation_accuracy=1", {}],
  ["a number that goes on", "train_loss=0.4.1 validation_loss=0.5abc", {}],
  ["nothing", "Downloading data", {}],
];

describe("metricDefinitions", () => {
  for (const [what, line, expected] of table) {
    it(`reads ${what}`, () => assert.deepEqual(recorded(line), expected));
  }

  it("has names and expressions that AWS takes, and the tuning objectives among them", () => {
    for (const { regex } of metricDefinitions) assert.ok(regex.length <= 500);
    const names = metricDefinitions.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const objective of ["validation:loss", "validation:accuracy"]) assert.ok(names.includes(objective));
  });
});
