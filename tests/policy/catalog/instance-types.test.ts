import assert from "node:assert/strict";
import { describe, it } from "mocha";
import {
  findInstanceType,
  instanceTypesFor,
  USES,
  type Use,
  whyNot,
} from "../../../policy/catalog/instance-types";

describe("the instance type catalogue", () => {
  it("counts as many types per use as the SDK's enums hold of its families", () => {
    const counts = Object.fromEntries(USES.map((use) => [use, instanceTypesFor(use).length]));

    assert.deepEqual(counts, { hosting: 174, training: 131, tuning: 131, notebook: 144, compute: 216 });
  });

  it("describes a GPU type whole", () => {
    assert.deepEqual(findInstanceType("training", "ml.g4dn.12xlarge"), {
      name: "ml.g4dn.12xlarge",
      family: "g4dn",
      size: "12xlarge",
      vCpus: 48,
      memoryGiB: 192,
      architecture: "x86_64",
      gpus: { count: 4, kind: "NVIDIA T4" },
      burstable: false,
      localNvme: true,
      neuron: false,
    });
  });

  const shapes: readonly [Use, string, number, number][] = [
    ["notebook", "ml.t3.medium", 2, 4],
    ["compute", "t3.nano", 2, 0.5],
    ["hosting", "ml.m5.large", 2, 8],
    ["hosting", "ml.c4.8xlarge", 36, 60],
    ["hosting", "ml.c5.9xlarge", 36, 72],
    ["training", "ml.p3.2xlarge", 8, 61],
    ["training", "ml.p4d.24xlarge", 96, 1152],
    ["training", "ml.p5.48xlarge", 192, 2048],
    ["training", "ml.p5.4xlarge", 16, 256],
    ["compute", "g6e.48xlarge", 192, 1536],
    ["compute", "m7g.medium", 1, 4],
  ];
  for (const [use, name, vCpus, memoryGiB] of shapes) {
    it(`gives ${name} ${vCpus} vCPUs and ${memoryGiB} GiB`, () => {
      const type = findInstanceType(use, name);

      assert.deepEqual([type?.vCpus, type?.memoryGiB], [vCpus, memoryGiB]);
    });
  }

  const sold: readonly [string, readonly Use[]][] = [
    ["ml.t3.medium", ["training", "tuning", "notebook"]],
    ["ml.t2.medium", ["hosting", "notebook"]],
    ["ml.m5.large", ["hosting", "training", "tuning"]],
    ["ml.m5.xlarge", ["hosting", "training", "tuning", "notebook"]],
    ["ml.inf2.xlarge", ["hosting", "notebook"]],
    ["ml.m5d.xlarge", ["hosting", "notebook"]],
    ["ml.c7g.large", ["hosting"]],
    ["m5.8xlarge", ["compute"]],
  ];
  for (const [name, uses] of sold) {
    it(`sells ${name} for ${uses.join(", ")} and nothing else`, () => {
      const found = USES.filter((use) => findInstanceType(use, name) !== undefined);

      assert.deepEqual(found, uses);
    });
  }

  it("marks the families with local NVMe, for which SageMaker refuses a volume key", () => {
    const families = new Set(
      instanceTypesFor("compute")
        .filter(({ localNvme }) => localNvme)
        .map(({ family }) => family),
    );

    assert.deepEqual([...families].sort(), [
      "c5d",
      "g4dn",
      "g5",
      "g6",
      "g6e",
      "m5d",
      "p4d",
      "p5",
      "r5d",
      "trn1",
    ]);
  });

  it("says nothing against a type that is sold for the use", () => {
    for (const use of USES) {
      for (const { name } of instanceTypesFor(use)) assert.equal(whyNot(use, name), undefined);
    }
  });

  const refusals: readonly [Use, string, string][] = [
    [
      "hosting",
      "ml.t3.medium",
      '"ml.t3.medium" is not sold for hosting (endpoints), only for training jobs, tuning jobs, notebook instances; did you mean "ml.t2.medium"?',
    ],
    ["hosting", "m5.large", '"m5.large" lacks the "ml." prefix; SageMaker knows it as "ml.m5.large"'],
    ["compute", "ml.m5.large", '"ml.m5.large" is a SageMaker name; EC2 knows it as "m5.large"'],
    [
      "training",
      "ml.m5.xlrage",
      '"ml.m5.xlrage" is not an instance type this catalogue knows for training jobs; did you mean "ml.m5.xlarge"?',
    ],
    [
      "hosting",
      "ml.m7g.large",
      '"ml.m7g.large" is not a SageMaker type: EC2 sells it, SageMaker does not; did you mean "ml.m7i.large"?',
    ],
    ["notebook", "potato", '"potato" is not an instance type this catalogue knows for notebook instances'],
  ];
  for (const [use, name, reason] of refusals) {
    it(`explains why ${name} is no ${use} type`, () => {
      assert.equal(whyNot(use, name), reason);
    });
  }

  it("does not echo a value that cannot be an instance type", () => {
    const reason = whyNot("hosting", "AKIA example/secret+value");

    assert.equal(reason?.includes("AKIA"), false);
  });
});
