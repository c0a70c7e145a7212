import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { provisionedOnAlias } from "../../../policy/lambda/provisioned-on-alias";
import { describeRule, diagnose } from "../../support/rule-cases";

const type = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";

describeRule(provisionedOnAlias, {
  pass: [{ title: "an alias", type, props: { functionName: "breeds", qualifier: "live" } }],
  violate: [
    {
      title: "$LATEST",
      type,
      props: { functionName: "breeds", qualifier: "$LATEST" },
      says: /qualifier is \$LATEST, for which Lambda refuses it\. Publish a version/,
    },
    {
      title: "$latest",
      type,
      props: { functionName: "breeds", qualifier: "$latest" },
      says: /qualifier is \$latest, for which Lambda refuses it/,
    },
    { title: "no qualifier", type, props: { functionName: "breeds" }, says: /names no alias/ },
  ],
});

describe("lambda-provisioned-on-alias and versions", () => {
  it("advises an alias instead", async () => {
    const [found] = await diagnose(provisionedOnAlias, { type, props: { qualifier: "7" } });

    assert.equal(found?.level, "advisory");
    assert.match(found?.message ?? "", /qualifier is the version 7/);
  });
});
