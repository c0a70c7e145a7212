import assert from "node:assert/strict";
import { planStack } from "../../cli/core/plan-stack";
import type { Plan, PlannedResource } from "../../plan/plan";
import { changed, type Raw, rawMinimal, rawStack } from "../support/raw-config";
import { flatten, runEnvironment } from "../support/run-environment";
import { withStackFile } from "../support/stack-file";

const digest = "d".repeat(64);

/** Components that exist for one endpoint or for the jobs, and nothing else. */
const endpointTypes = [
  "mlops:operations:EndpointAlarms",
  "mlops:serving:EndpointFunction",
  "mlops:serving:EndpointScaling",
  "mlops:serving:InferenceEndpoint",
];
const jobTypes = ["mlops:training:TrainingJob", "mlops:training:TrainingRole", "mlops:training:TuningJob"];

function planOf(sections: Raw, dueOnly = false): Promise<Plan> {
  return withStackFile(sections, (configFile) => planStack({ stack: "test", configFile, dueOnly }));
}

/** URNs of components of the given types, of everything below them, and of the parameters of the endpoints named. */
function below(plan: Plan, types: readonly string[], endpoints: readonly string[]): string[] {
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  const isBelow = (resource: PlannedResource | undefined): boolean =>
    resource !== undefined && (types.includes(resource.type) || isBelow(byUrn.get(resource.parent ?? "")));
  const parameters = endpoints.map((name) => `contract-${name}`);
  return plan.resources
    .filter(
      (resource) =>
        isBelow(resource) ||
        (resource.type === "aws:ssm/parameter:Parameter" && parameters.includes(resource.name)),
    )
    .map(({ urn }) => urn);
}

const notDue = ({ resources }: Plan) => resources.filter(({ due }) => !due).map(({ urn }) => urn);
const urns = ({ resources }: Plan) => resources.map(({ urn }) => urn);

describe("what is due", () => {
  for (const [stack, endpoints] of [
    ["dev", ["single", "multi"]],
    ["staging", ["breeds", "nightly"]],
    ["prod", ["breeds"]],
  ] as const) {
    it(`in ${stack} before data and models is everything but the jobs and endpoints, to the URN`, async () => {
      const whole = await planOf(rawStack(stack));
      const expected = below(whole, [...endpointTypes, ...jobTypes], endpoints);

      assert.ok(expected.length > 20, `${expected.length} resources`);
      assert.deepEqual(notDue(whole), expected);
    }).timeout(60_000);

    it(`in ${stack} is with --due exactly what the first run registers, inputs and all`, async () => {
      const plan = await planOf(rawStack(stack), true);
      const firstRun = await runEnvironment(flatten(rawStack(stack)));

      assert.deepEqual(
        plan.resources.map(({ urn, inputs, dependencies, options }) => ({
          urn,
          inputs,
          dependencies,
          options,
        })),
        firstRun.resources
          .filter(({ read }) => !read)
          .map(({ urn, inputs, dependencies, options }) => ({ urn, inputs, dependencies, options })),
      );
      assert.deepEqual(plan.outputs, firstRun.outputs);
      assert.deepEqual(notDue(plan), []);
    }).timeout(60_000);
  }

  it("includes the jobs once the data is uploaded, and still no endpoint", async () => {
    const plan = await planOf(changed(rawStack("staging"), "storage.data.manifestDigest", digest));

    assert.deepEqual(notDue(plan), below(plan, endpointTypes, ["breeds", "nightly"]));
    assert.deepEqual(
      plan.resources
        .filter(({ type, due }) => due && /:(?:TrainingJob|HyperParameterTuningJob)$/.test(type))
        .filter(({ custom }) => custom)
        .map(({ type }) => type.split(":").at(-1)),
      ["TrainingJob", "HyperParameterTuningJob"],
    );
  }).timeout(60_000);

  it("includes the endpoints once their model is promoted, and still no job", async () => {
    const plan = await planOf(changed(rawStack("staging"), "models.breeds.digest", digest));

    assert.deepEqual(notDue(plan), below(plan, jobTypes, []));
    assert.deepEqual(
      plan.resources
        .filter(({ type, due }) => due && type === "aws:sagemaker/endpoint:Endpoint")
        .map(({ name }) => name),
      ["breeds-endpoint", "nightly-endpoint"],
    );
  }).timeout(60_000);

  it("waits endpoint by endpoint for its own model", async () => {
    const sections = [
      ["models.cats", { classes: 12, digest }],
      ["endpoints.nightly.model", "cats"],
    ].reduce<Raw>((raw, [path, value]) => changed(raw, path as string, value), rawStack("staging"));
    const plan = await planOf(sections);

    const waiting = below(plan, [...endpointTypes, ...jobTypes], ["breeds"]).filter(
      (urn) => !/::nightly(?:-[a-z-]+)?$/.test(urn),
    );
    assert.deepEqual(notDue(plan), waiting);
  }).timeout(60_000);

  it("is everything once every digest is there, and --due changes nothing then", async () => {
    const sections = changed(
      changed(rawStack("prod"), "storage.data.manifestDigest", digest),
      "models.breeds.digest",
      digest,
    );
    const plan = await planOf(sections);

    assert.deepEqual(notDue(plan), []);
    assert.deepEqual(urns(await planOf(sections, true)), urns(plan));
    assert.deepEqual(plan.notDue, []);
  }).timeout(60_000);

  it("is everything in a stack that declares neither jobs nor endpoints", async () => {
    const plan = await planOf(rawMinimal());

    assert.deepEqual(notDue(plan), []);
    assert.deepEqual(below(plan, [...endpointTypes, ...jobTypes], []), []);
  }).timeout(60_000);
});
