import assert from "node:assert/strict";
import { amounts, estimate, reasons, resource } from "../../../support/cost-samples";

describe("estimateCost", () => {
  describe("of provisioned concurrency", () => {
    const config = (more: Record<string, unknown> = {}) =>
      resource("provisioned", "ready", {
        functionName: "dogs",
        qualifier: "live",
        provisionedConcurrentExecutions: 3,
        ...more,
      });

    it("joins the function for memory and architecture", () => {
      const x86 = estimate([resource("function", "f", { name: "dogs" }), config()]);
      const arm = estimate([
        resource("function", "f", { arn: "arn:x", memorySize: 256, architectures: ["arm64"] }),
        config({ functionName: "arn:x" }),
      ]);

      // 3 × 128/1024 GB × 3600 s × 0.0000041667 × 730 h = 4.106…; arm64 3 × 0.25 × 3600 × 0.0000033334 × 730
      assert.deepEqual(amounts(x86), [["ready", 0.005625, 4.106283, 4.106283, 4.106283]]);
      assert.deepEqual(amounts(arm), [["ready", 0.009, 6.570131, 6.570131, 6.570131]]);
    });

    it("takes the scaled maximum at worst", () => {
      const scaled = resource("target", "target", {
        serviceNamespace: "lambda",
        scalableDimension: "lambda:function:ProvisionedConcurrency",
        resourceId: "function:dogs:live",
        minCapacity: 1,
        maxCapacity: 6,
      });

      const report = estimate([resource("function", "f", { name: "dogs" }), config(), scaled]);

      assert.deepEqual(amounts(report), [["ready", 0.005625, 1.368761, 4.106283, 8.212566]]);
      assert.deepEqual(report.unpriced, []);
    });

    it("reports a function that is not in the stack", () => {
      assert.deepEqual(reasons(estimate([config()])), [
        "its function is not in this stack, so its memory is unknown here",
      ]);
    });
  });
});
