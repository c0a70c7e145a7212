import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";
import { parse, stringify } from "yaml";
import { planStack } from "../../cli/core/plan-stack";
import { projectRoot } from "../../cli/core/project-root";
import type { Plan } from "../../plan/plan";

type Ceilings = Readonly<Record<string, unknown>>;
type Case = readonly [what: string, change: (ceilings: Ceilings) => Ceilings, refused: Refused[]];
type Refused = readonly [policy: string, resource: string, says: RegExp];

const hourly = (use: string, usd: number) => (ceilings: Ceilings) => ({
  ...ceilings,
  hourlyUsd: { ...(ceilings.hourlyUsd as object), [use]: usd },
});
const only = (name: string, usd: number) => (ceilings: Ceilings) => ({ ...ceilings, [name]: usd });

const cases: Readonly<Record<string, readonly Case[]>> = {
  prod: [
    [
      "hourlyUsd.hosting a tenth of a cent below the endpoint's type",
      hourly("hosting", 0.114),
      [
        [
          "cost-instance-ceiling",
          "breeds-config",
          /ml\.m5\.large costs 0\.115 USD .* the ceiling for hosting is 0\.114/,
        ],
      ],
    ],
    [
      "jobUsd a cent below the release job, waiting for spot included",
      only("jobUsd", 11.85),
      [
        [
          "cost-training-job-ceiling",
          "sagemaker-ops-prod-release",
          /up to 11\.87 USD a run; .* 2 instances × ml\.g4dn\.xlarge 0\.736 .* with 30 GB, at most 28800 s with all restarts/,
        ],
      ],
    ],
    [
      "monthlyUsd a dollar below the worst month",
      only("monthlyUsd", 724),
      [
        [
          "cost-stack-ceiling",
          "",
          /This stack costs up to 725\.19 USD in its worst month; the ceiling is 724/,
        ],
      ],
    ],
    [
      "monthlyUsd below the endpoint at its largest",
      only("monthlyUsd", 504),
      [
        [
          "cost-endpoint-max-ceiling",
          "breeds-endpoint",
          /up to 504\.22 USD .* 6 instances × \(ml\.m5\.large 0\.115/,
        ],
        ["cost-stack-ceiling", "", /725\.19/],
      ],
    ],
  ],
  dev: [
    [
      "hourlyUsd.compute below the training box",
      hourly("compute", 0.5),
      [["cost-instance-ceiling", "training-box", /g4dn\.xlarge costs 0\.526 USD/]],
    ],
    [
      "jobUsd below the dearest job",
      only("jobUsd", 2.95),
      [["cost-training-job-ceiling", "sagemaker-ops-dev-multi", /up to 2\.97 USD a run/]],
    ],
    [
      "jobUsd below the search",
      only("jobUsd", 2),
      [
        ["cost-training-job-ceiling", "sagemaker-ops-dev-multi", /up to 2\.97 USD a run/],
        [
          "cost-tuning-job-ceiling",
          "sagemaker-ops-dev-searc",
          /up to 2\.36 USD a search; .* 10 jobs × \(1 instance × ml\.m5\.xlarge/,
        ],
      ],
    ],
    [
      "monthlyUsd below the training box around the clock",
      only("monthlyUsd", 395),
      [
        ["cost-compute-ceiling", "training-box", /up to 395\.63 USD a month around the clock/],
        ["cost-stack-ceiling", "", /921\.83/],
      ],
    ],
    [
      "monthlyUsd below everything",
      only("monthlyUsd", 2),
      [
        ["cost-compute-ceiling", "training-box", /./],
        ["cost-endpoint-ceiling", "multi-config", /up to 83\.95 USD a month/],
        ["cost-endpoint-ceiling", "single-config", /up to 83\.95 USD a month/],
        ["cost-endpoint-max-ceiling", "multi-endpoint", /up to 251\.98 USD/],
        ["cost-endpoint-max-ceiling", "single-endpoint", /up to 167\.98 USD/],
        ["cost-notebook-ceiling", "notebook", /up to 39\.3 USD a month around the clock/],
        ["cost-provisioned-concurrency-ceiling", "multi-provisioned-config", /10 environments/],
        ["cost-provisioned-concurrency-ceiling", "single-provisioned-config", /3 environments/],
        ["cost-provisioned-concurrency-max-ceiling", "multi-provisioned-config", /10 environments × 512 MiB/],
        ["cost-provisioned-concurrency-max-ceiling", "single-provisioned-config", /3 environments × 512 MiB/],
        ["cost-scaling-max-set", "multi-target", /maxCapacity is 3: 3 − 0 = 3 too many/],
        ["cost-scaling-max-set", "multi-target", /minCapacity is 1/],
        ["cost-scaling-max-set", "single-target", /maxCapacity is 2/],
        ["cost-scaling-max-set", "single-target", /minCapacity is 1/],
        ["cost-stack-ceiling", "", /921\.83/],
        ["cost-volume-ceiling", "notebook", /up to 2\.8 USD a month/],
        ["cost-volume-ceiling", "training-box", /up to 8 USD/],
        ["cost-volume-ceiling", "sagemaker-ops-dev-multi", /2 × 30 GB/],
        ["cost-volume-ceiling", "sagemaker-ops-dev-single", /1 × 30 GB/],
        ["cost-volume-ceiling", "sagemaker-ops-dev-searc", /2 × 30 GB/],
      ],
    ],
  ],
};

/** The program with its own stack files, ceilings aside, and the pack that the plan runs. Not proved: AWS's own prices. */
describe("the ceilings of a stack file", function () {
  this.timeout(60_000);
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "ceilings-"));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function violations(
    stack: string,
    change: (ceilings: Ceilings) => Ceilings,
  ): Promise<Plan["policies"]> {
    const file = parse(readFileSync(join(projectRoot, `Pulumi.${stack}.yaml`), "utf8"));
    const key = "sagemaker-ops:ceilings";
    const configFile = join(folder, `Pulumi.${stack}.yaml`);
    writeFileSync(configFile, stringify({ config: { ...file.config, [key]: change(file.config[key]) } }));
    const { policies } = await planStack({ stack, configFile });
    return policies.filter(({ level, policy }) => level === "mandatory" && policy.startsWith("cost-"));
  }

  for (const stack of ["dev", "staging", "prod"]) {
    it(`let ${stack} pass as it stands`, async () => {
      assert.deepEqual(await violations(stack, (ceilings) => ceilings), []);
    });
  }

  for (const [stack, changes] of Object.entries(cases)) {
    for (const [what, change, refused] of changes) {
      it(`of ${stack}, with ${what}, let ${refused.length === 1 ? "one rule" : "the right rules"} refuse it with the program's own numbers`, async () => {
        const found = await violations(stack, change);

        const shown = found.map(({ policy, urn }) => [
          policy,
          urn.includes("pulumi:Stack") ? "" : nameOf(urn),
        ]);
        assert.deepEqual(
          shown,
          refused.map(([policy, resource]) => [policy, resource]),
        );
        refused.forEach(([, , says], index) => {
          assert.match(found[index]?.message ?? "", says);
        });
      });
    }
  }
});

// The names of jobs end in a digest of their inputs.
function nameOf(urn: string): string {
  return (urn.split("::").at(-1) ?? "").replace(/-[0-9a-f]{8}$/, "");
}
