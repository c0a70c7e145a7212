/** One line of what is deployed, taken away or spoilt, and the test that must see it. */
export interface Mutant {
  /** What it has lost. */
  readonly without: string;
  /** Path in the clone. */
  readonly file: string;
  /** Text that is there once. */
  readonly replaced: string;
  readonly by: string;
  /** Name of a file in tests/engine, without `.test.ts`. */
  readonly scenario: string;
  /** Part of the title of a test that fails; of its suite, where the mutant may end the suite before its tests. */
  readonly failing: string;
}

const endpoint = "infra/components/inference-endpoint.ts";
const findings = "policy/findings.ts";

/** For the scenarios in which a line is lost easily and a loss costs much: promotion, rollback, interruption, policy levels. */
export const mutants: readonly Mutant[] = [
  {
    without: "the endpoint configuration being kept",
    file: endpoint,
    replaced: "{ parent: this, retainOnDelete: true }",
    by: "{ parent: this }",
    scenario: "promotion",
    failing: "keeps the model and the configuration that answered before",
  },
  {
    without: "the model being kept",
    file: endpoint,
    replaced: "        retainOnDelete: true,\n",
    by: "",
    scenario: "promotion",
    failing: "keeps the model and the configuration that answered before",
  },
  {
    without: "a new name for each endpoint configuration",
    file: endpoint,
    replaced: "productionVariants: [productionVariant",
    by: "name: `$" + "{endpointName}-config`, productionVariants: [productionVariant",
    scenario: "promotion",
    failing: "replaces the model and the configuration, and updates the endpoint in place",
  },
  {
    without: "the look at what answers",
    file: "infra/components/endpoint-guards.ts",
    replaced: "if (message === undefined || pulumi.runtime.isDryRun()) return wantedDigest;",
    by: "if (message !== null) return wantedDigest;",
    scenario: "rollback",
    failing: "fails, and names what answers and what was wanted",
  },
  {
    without: "the protection of the endpoint",
    file: endpoint,
    replaced: "        protect: context.protect,\n",
    by: "",
    scenario: "replacement",
    failing: "is not replaced where its deployment config is not described before the first update",
  },
  {
    without: "the refusal of other rollback alarms",
    file: endpoint,
    replaced: "name: nameUnlessRefused(name, { endpointName, wanted, protect: context.protect }, parent)",
    by: "name: endpointName",
    scenario: "replacement",
    failing: "keeps its rollback alarms, and says why, when its kind becomes serverless",
  },
  {
    without: "a job's name that stays the same for the same work",
    file: "infra/components/training-job.ts",
    replaced: "trainingJobName: jobName,",
    by: "trainingJobName: `$" + "{jobName}-$" + "{Date.now()}`,",
    scenario: "interruption-unrecovered",
    failing: "starts no second job all the same",
  },
  {
    without: "the recovery of what was being made",
    file: "cli/core/recover/settle.ts",
    replaced: 'if (doing !== "creating" || decision?.kind !== "look") return [];',
    by: 'if (resource.custom !== true ? decision?.kind !== "look" : doing !== "") return [];',
    scenario: "interruption",
    failing: "a deployment that is killed",
  },
  {
    without: "the question whether AWS has made it",
    file: "cli/core/recover/recover.ts",
    replaced: "if (targets.length > 0) await refresh(stack, targets, tools);",
    by: "",
    scenario: "interruption",
    failing: "a deployment that is killed",
  },
  {
    without: "what is kept being kept also in an interrupted promotion",
    file: endpoint,
    replaced: "{ parent: this, retainOnDelete: true }",
    by: "{ parent: this }",
    scenario: "interruption",
    failing: "leaves what is retained and nothing else",
  },
  {
    without: "a violation that counts at its rule's level",
    file: findings,
    replaced: 'if (kind === "violation") report(text, urn);',
    by: 'if (kind === "violation" && text === "") report(text, urn);',
    scenario: "policy-levels",
    failing: "stops what violates a mandatory rule before it exists",
  },
  {
    without: "the rule's own level",
    file: "policy/iam/no-sagemaker-full-access.ts",
    replaced: 'level: "mandatory"',
    by: 'level: "advisory"',
    scenario: "policy-levels",
    failing: "stops what violates a mandatory rule before it exists",
  },
  {
    without: "a word about what a preview cannot know",
    file: findings,
    replaced: "else reportObject({",
    by: 'else if (kind === "advisory") reportObject({',
    scenario: "policy-levels",
    failing: "does not call good in a preview what only the deployment can judge",
  },
];
