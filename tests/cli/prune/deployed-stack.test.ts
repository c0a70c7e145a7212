import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { deployedStack } from "../../../cli/core/aws/deployed-stack";
import { protectionOf } from "../../../cli/core/prune/protection";
import type { JsonObject } from "../../../plan/json-value";
import { contractOf, digestOf, pruneTools, usedAccount, usedState } from "./prune-tools";

describe("what a stack's state tells", () => {
  const { folder, serve, runCommand, writeProject } = pruneTools();
  const type = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
  const urn = `urn:pulumi:dev::sagemaker-ops::mlops:serving:InferenceEndpoint$${type}::single-config`;

  it("is the outputs, the resources, and what was being made when an update was ended", () => {
    const { contract, resources } = deployedStack(
      {
        deployment: {
          resources: [
            {
              type: "pulumi:pulumi:Stack",
              urn: "x",
              outputs: contractOf({ deployedDigest: digestOf("a") }) as JsonObject,
            },
            { type, urn, id: "single-config-0000001", inputs: {}, delete: true },
          ],
          pending_operations: [
            { type: "creating", resource: { type, urn, inputs: { name: "single-config-0000002" } } },
          ],
        },
      },
      "the state",
    );

    assert.equal(contract?.endpoints.single?.modelDigest, digestOf("a"));
    assert.deepEqual(resources?.slice(1), [
      { type, name: "single-config", id: "single-config-0000001", replaced: true },
      { type, name: "single-config", id: "single-config-0000002", replaced: false },
    ]);
  });

  it("protects all of it from prune", () => {
    const resources = [
      { type, name: "single-config", id: "single-config-0000002", replaced: false },
      { type: "aws:sagemaker/model:Model", name: "single-model", id: "single-model-0000002", replaced: true },
    ];
    const declared = {
      stack: "dev",
      naming: { project: "sagemaker-ops", environment: "dev" },
      config: { models: { breeds: { classes: 2, digest: digestOf("b") }, cats: { classes: 2 } } },
    } as unknown as Parameters<typeof protectionOf>[0];

    const protection = protectionOf(declared, { contract: undefined, resources }, 0, new Date(0));

    assert.deepEqual(protection.inState, {
      configurations: new Set(["single-config-0000002"]),
      models: new Set(["single-model-0000002"]),
      logGroups: new Set(),
    });
    assert.deepEqual(protection.promotedDigests, new Set([digestOf("b")]));
    assert.equal(protection.stackTag, "sagemaker-ops/dev");
  });

  it("is nothing before the first update and after the end, and refused where it is something else", () => {
    assert.deepEqual(deployedStack({ deployment: null }, "x"), { contract: undefined, resources: [] });
    assert.throws(() => deployedStack({ endpoints: {} }, "--state f"), /--state f has no "deployment"/);
    assert.throws(
      () =>
        deployedStack(
          { deployment: { resources: [{ type: "pulumi:pulumi:Stack", urn: "x", outputs: { a: 1 } }] } },
          "x",
        ),
      /This is no outputs contract of version 1/,
    );
  });

  it("is refused where it belongs to another stack or region than the file", async () => {
    const aws = await serve(usedAccount());
    writeProject({ state: usedState });
    const file = join(folder, "outputs.json");
    for (const [change, expected] of [
      [
        { stack: "sagemaker-ops/prod" },
        /outputs are of sagemaker-ops\/prod, and Pulumi\.dev\.yaml declares sagemaker-ops\/dev/,
      ],
      [{ region: "eu-west-1" }, /deployed in eu-west-1, and Pulumi\.dev\.yaml says aws:region is us-east-1/],
    ] as const) {
      writeFileSync(file, JSON.stringify({ ...contractOf({}), ...change }));

      const { status, stderr } = await runCommand(aws, ["--stack", "dev", "--outputs", file]);

      assert.equal(status, 2);
      assert.match(stderr, expected);
    }
    assert.deepEqual(aws.calls, []);
  });
});
