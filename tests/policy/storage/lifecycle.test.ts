import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { lifecycle } from "../../../policy/storage/lifecycle";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { describeRule, diagnose } from "../../support/rule-cases";

const TYPE = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";

describeRule(lifecycle, {
  pass: [
    {
      title: "one rule of two enabled",
      type: TYPE,
      props: {
        rules: [
          { id: "old", status: "Disabled" },
          { id: "new", status: "Enabled" },
        ],
      },
    },
    {
      title: "the deprecated class",
      type: "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
      props: { rules: [{ id: "new", status: "Enabled" }] },
    },
  ],
  violate: [
    {
      title: "rules that are all disabled",
      type: TYPE,
      props: { rules: [{ id: "old", status: "Disabled" }, { id: "older" }] },
      says: /none of the 2 rules has the status "Enabled", so nothing ever expires\. Enable a rule/,
    },
    { title: "no rules", type: TYPE, props: { rules: [] }, says: /rules is empty/ },
  ],
});

describe("storage-lifecycle", () => {
  it("passes as soon as one rule is known to be enabled, and is undecided before", async () => {
    const rules = [{ status: UNKNOWN_STRING }, { status: "Disabled" }];
    const [found] = await diagnose(lifecycle, { type: TYPE, props: { rules } });
    assert.match(found?.message ?? "", /Not decided: rules\[\]\.status/);

    const enabled = [...rules, { status: "Enabled" }];
    assert.deepEqual(await diagnose(lifecycle, { type: TYPE, props: { rules: enabled } }), []);
  });
});
