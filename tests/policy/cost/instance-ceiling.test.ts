import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";
import { instanceTypesFor, type Use } from "../../../policy/catalog/instance-types";
import { priceOf } from "../../../policy/catalog/prices";
import { instanceCeiling } from "../../../policy/cost/instance-ceiling";
import {
  analyze,
  type Diagnostic,
  type PolicyRequest,
  secret,
  UNKNOWN_ARRAY,
  UNKNOWN_STRING,
} from "../../support/policy-request";

type CeilingOptions = Readonly<Record<string, unknown>>;

const NAME = "cost-instance-ceiling";
const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const TRAINING = "aws:sagemaker/trainingJob:TrainingJob";
const TUNING = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";
const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const INSTANCE = "aws:ec2/instance:Instance";
const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** Every place that names a type: resource type, use, properties that name it there, path in the message. */
const PLACES: readonly [string, Use, (instanceType: unknown) => Record<string, unknown>, string][] = [
  [
    CONFIGURATION,
    "hosting",
    (t) => ({ productionVariants: [{ instanceType: t }] }),
    "productionVariants[0].instanceType",
  ],
  [
    CONFIGURATION,
    "hosting",
    (t) => ({
      productionVariants: [{ instanceType: "ml.m5.large" }],
      shadowProductionVariants: [{ instanceType: t }],
    }),
    "shadowProductionVariants[0].instanceType",
  ],
  [
    TRAINING,
    "training",
    (t) => ({ resourceConfig: { instanceType: t, instanceCount: 2 } }),
    "resourceConfig.instanceType",
  ],
  [
    TRAINING,
    "training",
    (t) => ({ resourceConfig: { instanceGroups: [{ instanceType: "ml.m5.xlarge" }, { instanceType: t }] } }),
    "resourceConfig.instanceGroups[1].instanceType",
  ],
  [
    TUNING,
    "tuning",
    (t) => ({ trainingJobDefinition: { resourceConfig: { instanceType: t } } }),
    "trainingJobDefinition.resourceConfig.instanceType",
  ],
  [
    TUNING,
    "tuning",
    (t) => ({
      trainingJobDefinitions: [
        { hyperParameterTuningResourceConfig: { instanceConfigs: [{ instanceType: t }] } },
      ],
    }),
    "trainingJobDefinitions[0].hyperParameterTuningResourceConfig.instanceConfigs[0].instanceType",
  ],
  [NOTEBOOK, "notebook", (t) => ({ instanceType: t }), "instanceType"],
  [INSTANCE, "compute", (t) => ({ instanceType: t }), "instanceType"],
  [
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest",
    "compute",
    (t) => ({ instanceType: t }),
    "instanceType",
  ],
  [
    "aws:ec2/launchConfiguration:LaunchConfiguration",
    "compute",
    (t) => ({ instanceType: t }),
    "instanceType",
  ],
  [LAUNCH_TEMPLATE, "compute", (t) => ({ instanceType: t }), "instanceType"],
];

const DEAR: Readonly<Record<Use, string>> = {
  hosting: "ml.p3.2xlarge",
  training: "ml.p4d.24xlarge",
  tuning: "ml.p4d.24xlarge",
  notebook: "ml.g5.xlarge",
  compute: "p3.2xlarge",
};
const CHEAP: Readonly<Record<Use, string>> = {
  hosting: "ml.m5.large",
  training: "ml.m5.xlarge",
  tuning: "ml.m5.xlarge",
  notebook: "ml.t3.medium",
  compute: "t3.micro",
};

async function judge(request: PolicyRequest, options?: CeilingOptions): Promise<readonly Diagnostic[]> {
  return (await analyze([instanceCeiling.policy({ settings: { [NAME]: options } })], request)).diagnostics;
}

async function levels(request: PolicyRequest, options?: CeilingOptions): Promise<readonly string[]> {
  return (await judge(request, options)).map(({ level }) => level);
}

describe("cost-instance-ceiling", () => {
  for (const [type, use, props, path] of PLACES) {
    it(`holds ${type} at ${path} against the ceiling for ${use}`, async () => {
      const dear = await judge({ type, props: props(DEAR[use]) });
      const cheap = await judge({ type, props: props(CHEAP[use]) });

      assert.deepEqual(cheap, []);
      assert.deepEqual(
        dear.map(({ level }) => level),
        ["mandatory"],
      );
      assert.ok(dear[0]?.message.includes(`\n${path}: ${DEAR[use]} costs `), dear[0]?.message);
      assert.ok(dear[0]?.message.includes(`change ceilings.hourlyUsd.${use} `), dear[0]?.message);
    });

    it(`reports an unknown type of ${type} at ${path} as an advisory of its own`, async () => {
      const diagnostics = await judge({ type, props: props(UNKNOWN_STRING) });

      assert.deepEqual(
        diagnostics.map(({ level }) => level),
        ["advisory"],
      );
      assert.ok(
        diagnostics[0]?.message.includes(`${path} is unknown until deployment`),
        diagnostics[0]?.message,
      );
    });

    for (const wrong of [7, null, "", ["ml.m5.large"], { name: "ml.m5.large" }, true]) {
      const isNoType = type === LAUNCH_TEMPLATE && wrong === null;
      it(`${isNoType ? "passes" : "refuses"} ${JSON.stringify(wrong)} as the type of ${type} at ${path}`, async () => {
        assert.deepEqual(await levels({ type, props: props(wrong) }), isNoType ? [] : ["mandatory"]);
      });
    }
  }

  it("gives amount, ceiling, arithmetic, alternatives and the key to change", async () => {
    const props = { productionVariants: [{ variantName: "AllTraffic", instanceType: "ml.g5.xlarge" }] };

    const diagnostics = await judge({ type: CONFIGURATION, props }, { hourlyUsd: { hosting: 0.8 } });

    assert.deepEqual(diagnostics, [
      {
        policy: NAME,
        level: "mandatory",
        message: [
          "No instance type costs more per hour than its use allows, and none is without a price.",
          "productionVariants[0].instanceType: ml.g5.xlarge costs 1.4084 USD per instance and hour in us-east-1 (foundation-model-benchmarking-tool pricing.yml 2025-01-26, 2025-01-26); the ceiling for hosting is 0.8: 1.4084 − 0.8 = 0.6084 too much, and × 730 h = 1028.132 USD for a full month. Cheapest for hosting: ml.c5.large 0.102, ml.m5.large 0.115, ml.c5.xlarge 0.204. Choose one of them, or change ceilings.hourlyUsd.hosting (in the pack's own configuration: hourlyUsd.hosting of cost-instance-ceiling).",
        ].join("\n"),
      },
    ]);
  });

  it("passes a type exactly at its ceiling and refuses it a ten-thousandth below", async () => {
    const request = { type: NOTEBOOK, props: { instanceType: "ml.t3.medium" } };

    assert.deepEqual(await levels(request, { hourlyUsd: { notebook: 0.05 } }), []);
    assert.deepEqual(await levels(request, { hourlyUsd: { notebook: 0.0499 } }), ["mandatory"]);
  });

  it("names every variant that is too dear, and only those", async () => {
    const props = {
      productionVariants: [{ instanceType: "ml.m5.large" }, { instanceType: "ml.p3.2xlarge" }],
      shadowProductionVariants: [{ instanceType: "ml.g5.48xlarge" }],
    };

    const diagnostics = await judge({ type: CONFIGURATION, props });

    assert.deepEqual(
      diagnostics.map(({ message }) => message.split("\n")[1]?.split(":")[0]),
      ["productionVariants[1].instanceType", "shadowProductionVariants[0].instanceType"],
    );
  });

  it("is not applicable to other resources, even with an instanceType", async () => {
    const answer = await analyze([instanceCeiling.policy()], {
      type: "aws:rds/instance:Instance",
      props: { instanceType: "ml.p3.2xlarge" },
    });

    assert.deepEqual(answer, { diagnostics: [], notApplicable: [NAME] });
  });

  const missing: readonly [string, string, Record<string, unknown>, readonly string[]][] = [
    ["a configuration without variants", CONFIGURATION, {}, ["mandatory"]],
    [
      "a serverless variant",
      CONFIGURATION,
      { productionVariants: [{ serverlessConfig: { memorySizeInMb: 2048 } }] },
      [],
    ],
    ["a training job without resources", TRAINING, {}, ["mandatory"]],
    ["a serverless training job", TRAINING, { serverlessJobConfig: { jobType: "FineTuning" } }, []],
    ["a tuning job without a definition", TUNING, {}, ["mandatory"]],
    ["an instance without a type", INSTANCE, {}, ["mandatory"]],
    ["an instance of a launch template", INSTANCE, { launchTemplate: { id: "lt-1" } }, ["advisory"]],
    ["a launch template without a type", LAUNCH_TEMPLATE, {}, []],
    [
      "a launch template with attributes",
      LAUNCH_TEMPLATE,
      { instanceRequirements: { vcpuCount: { min: 2 } } },
      ["mandatory"],
    ],
    ["an unknown list of variants", CONFIGURATION, { productionVariants: UNKNOWN_ARRAY }, ["advisory"]],
  ];
  for (const [what, type, props, expected] of missing) {
    it(`answers ${what} with ${expected.length === 0 ? "nothing" : expected.join(", ")}`, async () => {
      assert.deepEqual(await levels({ type, props }), expected);
    });
  }

  const unpriced: readonly [
    string,
    string,
    Record<string, unknown>,
    Record<"deny" | "estimate" | "allow", readonly string[]>,
  ][] = [
    ["a listed type", NOTEBOOK, { instanceType: "ml.t3.medium" }, { deny: [], estimate: [], allow: [] }],
    [
      "an estimated type",
      NOTEBOOK,
      { instanceType: "ml.t3.large" },
      { deny: ["mandatory"], estimate: [], allow: [] },
    ],
    [
      "a type without price or estimate",
      CONFIGURATION,
      { productionVariants: [{ instanceType: "ml.m5d.large" }] },
      { deny: ["mandatory"], estimate: ["mandatory"], allow: ["advisory"] },
    ],
    [
      "a type the catalogue has not",
      INSTANCE,
      { instanceType: "m9x.large" },
      { deny: ["mandatory"], estimate: ["mandatory"], allow: ["advisory"] },
    ],
    [
      "a type of another use",
      CONFIGURATION,
      { productionVariants: [{ instanceType: "ml.t3.medium" }] },
      { deny: ["mandatory"], estimate: ["mandatory"], allow: ["mandatory"] },
    ],
    [
      "dedicated tenancy",
      INSTANCE,
      { instanceType: "t3.micro", tenancy: "dedicated" },
      { deny: ["mandatory"], estimate: ["mandatory"], allow: ["advisory"] },
    ],
    [
      "a dear estimated type",
      NOTEBOOK,
      { instanceType: "ml.p3.8xlarge" },
      { deny: ["mandatory"], estimate: ["mandatory"], allow: ["mandatory"] },
    ],
  ];
  for (const [what, type, props, expected] of unpriced) {
    for (const mode of ["deny", "estimate", "allow"] as const) {
      it(`with unpriced "${mode}" answers ${what} with ${expected[mode].length === 0 ? "nothing" : expected[mode].join(", ")}`, async () => {
        assert.deepEqual(await levels({ type, props }, { unpriced: mode }), expected[mode]);
      });
    }
  }

  it("suggests listed types only where estimates are refused", async () => {
    const request = { type: NOTEBOOK, props: { instanceType: "ml.p3.8xlarge" } };

    const [strict] = await judge(request, { unpriced: "deny" });

    assert.match(
      strict?.message ?? "",
      /Cheapest for notebook: ml\.t3\.medium 0\.05, ml\.m5\.xlarge 0\.23\. /,
    );
  });

  describe("takes the region", () => {
    const props = { instanceType: "ml.t3.medium" };
    const rows: readonly [string, Omit<PolicyRequest, "type">, CeilingOptions, RegExp | undefined][] = [
      [
        "from the resource first",
        { props: { ...props, region: "zz-nowhere-1" }, provider: { region: "us-east-1" } },
        {},
        /in zz-nowhere-1/,
      ],
      [
        "from its provider next",
        { props, provider: { region: "zz-nowhere-1" } },
        { region: "us-east-1" },
        /in zz-nowhere-1/,
      ],
      [
        "from the configuration then",
        { props },
        { region: "zz-nowhere-1" },
        /in zz-nowhere-1: no price table for region zz-nowhere-1/,
      ],
      ["us-east-1 by default", { props }, {}, undefined],
      [
        "from the configuration where the resource's is unknown",
        { props: { ...props, region: UNKNOWN_STRING } },
        {},
        undefined,
      ],
    ];
    for (const [what, request, options, message] of rows) {
      it(what, async () => {
        const diagnostics = await judge({ type: NOTEBOOK, ...request }, options);

        if (message === undefined) assert.deepEqual(diagnostics, []);
        else assert.match(diagnostics[0]?.message ?? "", message);
      });
    }
  });

  it("reports a mistake in its own configuration on every resource it judges, and judges it all the same", async () => {
    const options = { hourlyUsd: { notebok: 1, compute: Number.NaN } };

    const diagnostics = await judge({ type: NOTEBOOK, props: { instanceType: "ml.g5.xlarge" } }, options);

    assert.deepEqual(
      diagnostics.map(({ level, message }) => [level, message.split("\n")[1]?.slice(0, 90)]),
      [
        [
          "mandatory",
          "The configuration of cost-instance-ceiling is wrong: hourlyUsd.notebok is not known; did y",
        ],
        [
          "mandatory",
          "The configuration of cost-instance-ceiling is wrong: hourlyUsd.compute is not a number of z",
        ],
        [
          "mandatory",
          "instanceType: ml.g5.xlarge costs 1.41 USD per instance and hour in us-east-1 (AWS Price Lis",
        ],
      ].map(([level, text]) => [level, text?.slice(0, 90)]),
    );
  });

  it("echoes a secret type only if it is an instance type's name", async () => {
    const diagnostics = await judge({
      type: NOTEBOOK,
      props: { instanceType: secret("hunter2 is not a type") },
    });

    assert.equal(diagnostics.length, 1);
    assert.doesNotMatch(JSON.stringify(diagnostics), /hunter2/);
  });

  it("never lets a dearer type pass where a cheaper one is refused", async () => {
    const priced = instanceTypesFor("hosting").flatMap(({ name }) => {
      const price = priceOf({ region: "us-east-1", use: "hosting", instanceType: name });
      return price.kind === "unpriced" ? [] : [{ name, usd: price.hourlyUsd }];
    });
    const pick = fc.constantFrom(...priced);

    await fc.assert(
      fc.asyncProperty(pick, pick, fc.double({ min: 0, max: 100, noNaN: true }), async (a, b, ceiling) => {
        const [cheaper, dearer] = a.usd <= b.usd ? [a, b] : [b, a];
        const count = async (name: string) =>
          (
            await levels(
              { type: CONFIGURATION, props: { productionVariants: [{ instanceType: name }] } },
              { hourlyUsd: { hosting: ceiling }, unpriced: "estimate" },
            )
          ).length;

        return (await count(cheaper.name)) <= (await count(dearer.name));
      }),
      { numRuns: 200 },
    );
  });

  it("throws on no properties", async () => {
    const anyProps = fc.dictionary(
      fc.constantFrom(
        "productionVariants",
        "resourceConfig",
        "trainingJobDefinition",
        "instanceType",
        "region",
        "tenancy",
        "launchTemplate",
      ),
      fc.jsonValue(),
    );

    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PLACES.map(([type]) => type)), anyProps, async (type, props) => {
        await judge({ type, props });
      }),
      { numRuns: 500 },
    );
  });
});
