import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { ENDING_RUNTIMES, SUPPORTED_RUNTIMES } from "../../../policy/lambda/runtimes";
import { supportedRuntime } from "../../../policy/lambda/supported-runtime";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const type = "aws:lambda/function:Function";

describeRule(supportedRuntime, {
  pass: [
    ...Object.keys(SUPPORTED_RUNTIMES).map((runtime) => ({ title: runtime, type, props: { runtime } })),
    { title: "an image's address alone", type, props: { imageUri: UNKNOWN_STRING } },
    { title: "an image", type, props: { packageType: "Image", imageUri: UNKNOWN_STRING } },
    {
      title: "a newer runtime that a setting adds",
      type,
      props: { runtime: "nodejs26.x" },
      settings: { supported: ["nodejs26.x"] },
    },
  ],
  violate: [
    {
      title: "a runtime whose support has ended",
      type,
      props: { runtime: "nodejs18.x" },
      says: /runtime is nodejs18\.x; supported are .*Move to nodejs24\.x, or add a newer runtime/,
    },
    { title: "another one", type, props: { runtime: "python3.9" }, says: /Move to python3\.14/ },
    { title: "a runtime that never was", type, props: { runtime: "Node 24!" }, says: /none that Lambda has/ },
    {
      title: "no runtime",
      type,
      props: { handler: "index.handler" },
      says: /runtime is not set\. Set it to one of/,
    },
    {
      title: "an image's address that is empty",
      type,
      props: { handler: "index.handler", imageUri: "" },
      says: /runtime is not set/,
    },
    {
      title: "a runtime that a setting leaves out",
      type,
      props: { runtime: "nodejs22.x" },
      settings: { supported: ["nodejs24.x"] },
      says: /supported are nodejs24\.x\./,
    },
  ],
});

describe("lambda-supported-runtime and packages that are unknown", () => {
  it("does not take a function for one without a runtime that may be an image", async () => {
    const [found, ...others] = await diagnose(supportedRuntime, {
      type,
      props: { packageType: UNKNOWN_STRING },
    });

    assert.deepEqual(others, []);
    assert.equal(found?.level, "advisory");
    assert.match(found?.message ?? "", /Not decided: packageType is unknown/);
  });
});

describe("lambda-supported-runtime and runtimes on Amazon Linux 2", () => {
  for (const runtime of ENDING_RUNTIMES) {
    it(`passes ${runtime} with a remark`, async () => {
      const [found, ...others] = await diagnose(supportedRuntime, { type, props: { runtime } });

      assert.deepEqual(others, []);
      assert.equal(found?.level, "advisory");
      assert.match(found?.message ?? "", /support is about to end\. Move to /);
    });
  }
});
