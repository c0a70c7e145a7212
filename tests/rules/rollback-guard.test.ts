import assert from "node:assert/strict";
import { logsUrl, rollbackMessage } from "../../infra/rules/rollback-guard";
import { context } from "../support/serving";

const facts = {
  endpointName: "sagemaker-ops-test-breeds",
  liveConfig: "breeds-config-1111111",
  wantedConfig: "breeds-config-2222222",
  wantedDigest: "ab".repeat(32),
  place: context.place,
};

describe("rollbackMessage", () => {
  it("says nothing while the wanted configuration answers", () => {
    assert.equal(rollbackMessage({ ...facts, liveConfig: facts.wantedConfig }), undefined);
  });

  it("names the endpoint, both configurations, the digest, the logs and the next step", () => {
    const message = rollbackMessage(facts) ?? "";

    for (const part of [
      facts.endpointName,
      facts.liveConfig,
      facts.wantedConfig,
      facts.wantedDigest,
      logsUrl(facts.place, `/aws/sagemaker/Endpoints/${facts.endpointName}`),
      "`pulumi up --refresh`",
    ])
      assert.ok(message.includes(part), `${part} in ${message}`);
  });
});

describe("logsUrl", () => {
  it("encodes the name of the log group as the console wants it", () => {
    assert.equal(
      logsUrl(facts.place, "/aws/lambda/f"),
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/$252Faws$252Flambda$252Ff",
    );
  });

  it("leads to the console of the partition", () => {
    const china = { ...facts.place, partition: "aws-cn", region: "cn-north-1" };

    assert.match(logsUrl(china, "/x"), /^https:\/\/cn-north-1\.console\.amazonaws\.cn\//);
  });
});
