import assert from "node:assert/strict";
import type { StackValidationArgs } from "@pulumi/policy";
import * as policyServer from "@pulumi/policy/server";
import { AnalyzeStackRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import fc from "fast-check";
import { describe, it } from "mocha";
import { StackCarrier } from "../../../policy/requests/carrier";
import { readStack } from "../../../policy/requests/stack";
import type { Reads, StackSubject } from "../../../policy/rule";
import { rules } from "../../../policy/rules";
import { stackSubjects } from "../../../policy/subjects";
import { hostileValue } from "../../support/arbitrary-properties";
import { secret, UNKNOWN_STRING } from "../../support/policy-request";
import { type StackResource, toStackRequest, urnOf } from "../../support/stack-request";

const READS: Reads = { "t:a:A": ["name", "tags", "region"], "t:b:B": ["name", "list"] };
const region = fc.constantFrom<unknown>(
  "eu-west-1",
  "us-east-1",
  "",
  UNKNOWN_STRING,
  5,
  null,
  secret("eu-north-1"),
);
// Text in protobuf is well formed: the engine cannot send half a pair.
const anyValue = hostileValue.filter((value) => !(JSON.stringify(value) ?? "").includes("\\ud800"));
const { makeAnalyzeStackRpcFun } = policyServer as unknown as {
  makeAnalyzeStackRpcFun: (
    pack: string,
    version: string,
    level: string,
    policies: readonly unknown[],
  ) => (call: { request: unknown }, callback: (error: unknown) => void) => Promise<void>;
};

/** What a rule sees of a request through the SDK. */
async function seen(
  request: AnalyzeStackRequest | StackCarrier,
  reads: Reads,
): Promise<readonly StackSubject[]> {
  let subjects: readonly StackSubject[] | undefined;
  const probe = {
    name: "probe",
    description: "Looks.",
    validateStack: (args: StackValidationArgs) => {
      subjects = stackSubjects(args, reads);
    },
  };
  const rpc = makeAnalyzeStackRpcFun("pack", "0.0.0", "advisory", [probe]);
  await new Promise<void>((resolve, reject) => {
    rpc({ request }, (error) => (error === undefined || error === null ? resolve() : reject(error))).catch(
      reject,
    );
  });
  assert.ok(subjects !== undefined);
  return subjects;
}

function bytesOf(resources: readonly StackResource[]): Buffer {
  return Buffer.from(toStackRequest(resources).serializeBinary());
}

const urns = ["a", "b", "c", "gone"].map((name) => urnOf({ type: "t:a:A", name }));
const stack = fc.array(
  fc.record(
    {
      type: fc.constantFrom("t:a:A", "t:b:B", "t:c:C", "__proto__", "constructor"),
      name: fc.constantFrom("a", "b", "c", "d", "é"),
      props: fc
        .dictionary(fc.constantFrom("name", "tags", "list", "other"), anyValue)
        .chain((props) =>
          fc
            .option(region, { nil: undefined })
            .map((own) => (own === undefined ? props : { ...props, region: own })),
        ),
      parent: fc.constantFrom("", ...urns),
      propertyDependencies: fc.dictionary(fc.constantFrom("name", "tags", "z", "Z"), fc.subarray(urns)),
      provider: fc.record({ region, name: anyValue }, { requiredKeys: [] }),
      protect: fc.boolean(),
    },
    { requiredKeys: ["type", "name", "props"] },
  ),
  { maxLength: 6 },
);

describe("the resources of a stack as rules see them", () => {
  it("are the same whether the SDK reads the request or the pack does", async () => {
    await fc.assert(
      fc.asyncProperty(stack, async (resources) => {
        const request = toStackRequest(resources as StackResource[]);
        const bytes = Buffer.from(request.serializeBinary());

        const actual = await seen(new StackCarrier(readStack(bytes)), READS);

        assert.deepEqual(actual, await seen(request, READS));
      }),
      { numRuns: 60 },
    );
  });

  it("are shared by rules that read the same, and their properties by those that read more", () => {
    const sent = readStack(bytesOf([{ type: "t:a:A", name: "a", props: { tags: { a: "b" } } }]));

    const [first] = sent.subjects(READS);
    const [again] = sent.subjects({ ...READS });
    const [other] = sent.subjects({ "t:a:A": ["tags"] });

    assert.equal(first, again);
    assert.notEqual(first, other);
    assert.equal(first?.properties.tags, other?.properties.tags);
  });

  it("name what they depend on in order, as the engine sends it in any", async () => {
    const of = (property: string): StackResource => ({
      type: "t:a:A",
      name: "a",
      props: {},
      propertyDependencies: { [property]: [urnOf({ type: "t:a:A", name: "a" })] },
    });
    const [first, second] = ["z", "b"].map((property) => {
      const [resource] = toStackRequest([of(property)]).getResourcesList();
      return Buffer.from(resource?.serializeBinary() ?? []);
    });
    assert.ok(first !== undefined && second !== undefined);
    // Two messages after each other are one with the members of both.
    const resource = Buffer.concat([first, second]);
    const length = Buffer.from([(resource.length & 0x7f) | 0x80, resource.length >> 7]);
    const bytes = Buffer.concat([Buffer.from([0x0a]), length, resource]);

    const [subject] = await seen(new StackCarrier(readStack(bytes)), READS);
    const [expected] = await seen(AnalyzeStackRequest.deserializeBinary(bytes), READS);

    assert.deepEqual(Object.keys(subject?.propertyDependencies ?? {}), ["b", "z"]);
    assert.deepEqual(Object.keys(expected?.propertyDependencies ?? {}), ["b", "z"]);
    assert.deepEqual(subject, expected);
  });

  it("are left to the SDK where one has no options, as an engine of long ago sends them", () => {
    const request = toStackRequest([{ type: "t:a:A", name: "a", props: {} }]);
    request.getResourcesList()[0]?.setOptions(undefined);

    assert.throws(() => readStack(Buffer.from(request.serializeBinary())), /has no options/);
  });

  it("take no text of a resource for a stack that was sent", async () => {
    const resources = [{ type: "sagemaker-guard:requests:Stack", name: "a", props: {} }];

    assert.deepEqual(await seen(toStackRequest(resources), READS), []);
  });
});

describe("a stack on its way through the SDK", () => {
  it("counts as taken once a rule has asked for it", async () => {
    const carrier = new StackCarrier(readStack(bytesOf([])));

    assert.equal(carrier.isTaken, false);
    await seen(carrier, {});
    assert.equal(carrier.isTaken, true);
  });

  it("is an error of the rule where it holds what only the SDK can read, so that the SDK is asked", async () => {
    const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" };
    const bytes = bytesOf([{ type: "t:a:A", name: "a", props: { name: asset } }]);

    await assert.rejects(seen(new StackCarrier(readStack(bytes)), READS), /no plain data/);
  });

  it("has no property that a stack rule reads and that holds an asset, so that this costs nobody time", () => {
    const reads = rules
      .filter(({ kind }) => kind === "stack")
      .flatMap(({ reads: read }) => Object.entries(read));
    const assets = /^(?:code|source|content|archive|layers?)$/i;

    assert.deepEqual(
      reads.flatMap(([type, names]) =>
        names.filter((name) => assets.test(name)).map((name) => `${type} ${name}`),
      ),
      [],
    );
  });
});
