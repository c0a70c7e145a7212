import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { updateFailures } from "../../cli/core/aws/update-failures";
import { servingStack } from "./support/serving-stack";
import { promote } from "./support/settings";
import { describeWithEngine } from "./support/with-engine";

/** Protects: that the event log of the real Pulumi CLI is understood. The provider's own words around AWS's are not in it. */
describeWithEngine("an update that fails on a quota", (engine) => {
  it("is explained from the CLI's event log, with the log of the endpoint", async () => {
    const stack = await servingStack(engine());
    stack.configure((settings) => promote(settings, "e"));
    stack.setFaults({ quotas: { "ml.m5.large": 1 } });

    const { status } = await stack.up();

    assert.notEqual(status, 0);
    // Of the updates that went well, too.
    const logs = readdirSync(stack.beside("."))
      .filter((name) => name.startsWith("events-"))
      .map((name) => readFileSync(stack.beside(name), "utf8"));
    assert.ok(logs.length > 0);
    assert.deepEqual(updateFailures(logs.join("\n"), "dev"), [
      {
        names: ["single-endpoint"],
        cause: "the account's quota for this instance type and use is used up",
        next: 'Ask for more in Service Quotas (SageMaker, "for endpoint usage"). A rollout needs room for both fleets: twice the instances, unless it is rolling. Its log: npx sagemaker-ops logs single --stack dev',
      },
    ]);
  });
});
