import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../infra/config/load";

describe("loadConfig", () => {
  // Not proved: what the engine prints.
  it("fails with the problems alone, and without a stack that the runner would inspect", async () => {
    const before = pulumi.runtime.allConfig();
    await pulumi.runtime.setMocks(
      { call: ({ inputs }) => inputs, newResource: ({ name, inputs }) => ({ id: name, state: inputs }) },
      "sagemaker-ops",
    );
    pulumi.runtime.setAllConfig({ "aws:region": "us-east-1", "sagemaker-ops:environment": "NOT VALID" });

    try {
      assert.throws(loadConfig, (error: unknown) => {
        assert.ok(pulumi.RunError.isInstance(error));
        assert.match(error.message, /environment/);
        assert.equal((error as Error).stack, "");
        return true;
      });
    } finally {
      pulumi.runtime.setAllConfig(before);
    }
  });
});
