import assert from "node:assert/strict";
import { renderPolicy } from "../../infra/iam/document";
import { serviceTrust, type TrustedService } from "../../infra/iam/trust";
import { place } from "../fixtures/iam/stack";
import { isAllowed } from "../support/iam-evaluator";

const china = { ...place, partition: "aws-cn", dnsSuffix: "amazonaws.com.cn", region: "cn-north-1" };
const account = (accountId: string, sourceArn: string) => ({
  "aws:SourceAccount": accountId,
  "aws:SourceArn": sourceArn,
});

function mayAssume(
  service: TrustedService,
  principal: string,
  context: Record<string, string> = {},
): boolean {
  return isAllowed(
    { resource: [renderPolicy(serviceTrust(service, place), "trust")] },
    { action: "sts:AssumeRole", resource: "*", principal: { service: principal }, context },
  );
}

describe("serviceTrust", () => {
  const sources: [TrustedService, string][] = [
    ["sagemaker", "arn:aws:sagemaker:us-east-1:123456789012:training-job/j"],
    ["scheduler", "arn:aws:scheduler:us-east-1:123456789012:schedule-group/default"],
    ["vpc-flow-logs", "arn:aws:ec2:us-east-1:123456789012:vpc-flow-log/fl-1"],
  ];
  for (const [service, source] of sources) {
    const principal = `${service}.amazonaws.com`;

    it(`lets ${service} assume the role for this account's resources`, () => {
      assert.equal(mayAssume(service, principal, account("123456789012", source)), true);
    });

    it(`keeps ${service} from assuming it for anybody else, or for nobody in particular`, () => {
      const elsewhere = source.replace("123456789012", "999999999999");
      assert.equal(mayAssume(service, principal, account("999999999999", elsewhere)), false);
      assert.equal(mayAssume(service, principal, account("123456789012", elsewhere)), false);
      assert.equal(mayAssume(service, principal, account("999999999999", source)), false);
      assert.equal(mayAssume(service, principal, { "aws:SourceAccount": "123456789012" }), false);
      assert.equal(mayAssume(service, principal), false);
    });

    it(`trusts ${service} only`, () => {
      assert.equal(mayAssume(service, "glue.amazonaws.com", account("123456789012", source)), false);
    });
  }

  for (const service of ["ec2", "lambda"] as const) {
    it(`sets no condition for ${service}, which could not meet it`, () => {
      assert.deepEqual(serviceTrust(service, place).Statement, [
        {
          Sid: "AssumeRole",
          Effect: "Allow",
          Principal: { Service: `${service}.amazonaws.com` },
          Action: ["sts:AssumeRole"],
        },
      ]);
    });

    it(`refuses sources for ${service} and says why`, () => {
      assert.throws(
        () => serviceTrust(service, place, { sourceArns: ["arn:aws:ec2:us-east-1:123456789012:instance/i"] }),
        new RegExp(`${service} sends no aws:SourceArn .* leave it out`),
      );
    });
  }

  it("narrows the sources where they are known", () => {
    const only = "arn:aws:sagemaker:us-east-1:123456789012:notebook-instance/ops-prod";

    assert.deepEqual(serviceTrust("sagemaker", place, { sourceArns: [only] }).Statement[0]?.Condition, {
      ArnLike: { "aws:SourceArn": [only] },
      StringEquals: { "aws:SourceAccount": "123456789012" },
    });
  });

  it("uses the names and ARNs of another partition", () => {
    assert.deepEqual(serviceTrust("ec2", china).Statement[0]?.Principal, { Service: "ec2.amazonaws.com.cn" });
    assert.deepEqual(serviceTrust("sagemaker", china).Statement[0], {
      Sid: "AssumeRole",
      Effect: "Allow",
      Principal: { Service: "sagemaker.amazonaws.com" },
      Action: ["sts:AssumeRole"],
      Condition: {
        ArnLike: { "aws:SourceArn": "arn:aws-cn:sagemaker:cn-north-1:123456789012:*" },
        StringEquals: { "aws:SourceAccount": "123456789012" },
      },
    });
  });
});
