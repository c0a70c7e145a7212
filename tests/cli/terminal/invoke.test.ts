import assert from "node:assert/strict";
import { stripVTControlCharacters } from "node:util";
import { describe, it } from "mocha";
import { failureOf } from "../../../cli/core/invoke/failures";
import { type Exchange, outcomeOf } from "../../../cli/core/invoke/outcome";
import { invokeText } from "../../../cli/core/invoke/report";
import { layoutOf } from "../../../plan/report/layout";
import { digestOf } from "../prune/prune-tools";
import { compareFile, visible } from "./golden";

const called = { what: "endpoint", name: "sagemaker-ops-dev-single" } as const;

function answered(
  path: string,
  milliseconds: number,
  ...found: readonly (readonly [string, number])[]
): Exchange {
  const labels = found.map(([label, probability], index) => ({ index, label, probability }));
  return {
    input: { kind: "file", name: path, path },
    milliseconds,
    reply: { kind: "answered", labels, modelSha256: digestOf("d5") },
  };
}

function failed(path: string, error: object): Exchange {
  const failure = failureOf(error, called);
  return { input: { kind: "file", name: path, path }, milliseconds: 3, reply: { kind: "failed", failure } };
}

const one = [
  answered(
    "dogs/a.jpg",
    61,
    ["Irish water spaniel", 0.5],
    ["Curly-coated retriever", 0.3],
    ["Boykin spaniel", 0.004],
  ),
];
const many = [
  answered("dogImages/test/001.Affenpinscher/Affenpinscher_00003.jpg", 48, ["Affenpinscher", 0.998]),
  answered("dogImages/test/011.Australian_cattle_dog/Australian_cattle_dog_00727.jpg", 1250, [
    "Australian cattle dog",
    0.612,
  ]),
  failed("dogImages/test/002.Afghan_hound/Afghan_hound_00081.jpg", {
    name: "ModelError",
    $metadata: { httpStatusCode: 424 },
    OriginalStatusCode: 500,
    OriginalMessage: "cannot identify image file",
  }),
  failed("dogImages/test/003.Airedale_terrier/Airedale_terrier_00164.jpg", {
    name: "ThrottlingException",
    $metadata: { httpStatusCode: 400 },
  }),
];

/** The table alone: times are those of a run, and the command's tests cover the rest. */
describe("the terminal output of invoke", () => {
  for (const [name, exchanges, requests] of [
    ["invoke-one", one, 1],
    ["invoke-many", many, 6],
  ] as const)
    it(`of ${name} is as its file has it, fits the terminal, and needs no colours`, () => {
      const text = (columns: number, colored: boolean) =>
        invokeText(
          {
            target: { kind: "endpoint", title: "endpoint sagemaker-ops-dev-single" },
            load: { repeat: 1, concurrency: 2 },
            outcome: outcomeOf(exchanges, { requests, milliseconds: 2000 }),
          },
          layoutOf(columns, colored),
        );
      for (const columns of [60, 140])
        assert.deepEqual(
          text(columns, false)
            .split("\n")
            .filter((line) => [...line].length > columns),
          [],
        );
      assert.equal(stripVTControlCharacters(text(100, true)), text(100, false));
      compareFile(
        `${name}.txt`,
        [
          `=== 60 columns\n${text(60, false)}`,
          `=== 140 columns\n${text(140, false)}`,
          `=== 100 columns, with colours\n${visible(text(100, true))}`,
        ].join("\n"),
      );
    });
});
