import assert from "node:assert/strict";
import { maximumImageBytes } from "../../infra/rules/function-limits";
import { servingConfig, servingSamples } from "../support/serving";

describe("maximumImageBytes", () => {
  it("leaves room for base64 and an envelope in Lambda's event of 6 MB", () => {
    const bytes = maximumImageBytes(servingConfig(servingSamples.instances));

    assert.equal(bytes, 4_500_000);
    assert.ok(Math.ceil(bytes / 3) * 4 + 10_000 <= 6 * 1024 * 1024);
  });

  it("stays below the 4 MB that serverless endpoints take", () => {
    assert.ok(maximumImageBytes(servingConfig(servingSamples.serverless)) <= 4 * 1024 * 1024);
  });
});
