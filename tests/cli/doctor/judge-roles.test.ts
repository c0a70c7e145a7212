import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { judgeLeftovers } from "../../../cli/core/doctor/leftovers";
import { judgeAge, judgePermissions } from "../../../cli/core/doctor/permissions";
import { placeOf } from "../../../cli/core/operate/console-pages";

const now = new Date("2026-11-21T12:00:00Z");
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);

describe("permissions of a role", () => {
  const at = (days: number | undefined) => (days === undefined ? undefined : daysAgo(days));
  const used = (
    namespace: string,
    days: number | undefined,
    actions: Readonly<Record<string, number | undefined>> = {},
  ) => ({
    namespace,
    lastUsedAt: at(days),
    actions: Object.entries(actions).map(([name, age]) => ({ name, lastUsedAt: at(age) })),
  });
  const judged = (services: ReturnType<typeof used>[], allowed: readonly string[] = []) =>
    judgePermissions("single-1a2b3c4", services, allowed, 90, now, placeOf("us-east-1"));

  it("are told where a service was not used for so many days, or never", () => {
    assert.deepEqual(
      judged([
        used("s3", 89),
        used("logs", 90, { CreateLogStream: 100, PutLogEvents: 90 }),
        used("kms", 200),
        used("ecr", undefined),
      ]),
      {
        area: "roles",
        check: "permissions",
        subject: "single-1a2b3c4",
        status: "warning",
        found:
          "not used for 90 days: logs (last 2026-08-23, PutLogEvents), kms (last 2026-05-05), ecr (never)",
        expected: "none, of 4 services that it allows; IAM looks back 400 days at least",
        fix: "If it stays so, take it out of infra/iam. What the role did: https://us-east-1.console.aws.amazon.com/iam/home#/roles/details/single-1a2b3c4?section=access_advisor",
      },
    );
  });

  it("are told by action where the service was used, as far as the role's own policy allows the action", () => {
    const tracked = { GetBucketAcl: 1, PutBucketAcl: 89, DeleteBucket: 90, CreateBucket: undefined };
    const services = [used("s3", 1, tracked), used("kms", undefined, { Encrypt: undefined })];
    const found = (...allowed: string[]) => judged(services, allowed).found;

    assert.equal(
      found("s3:deletebucket", "s3:Create*", "s3:PutBucketAcl", "kms:*"),
      "not used for 90 days: kms (never), s3:DeleteBucket (last 2026-08-23), s3:CreateBucket (never)",
    );
    assert.equal(found("s3:?reateBucket"), "not used for 90 days: kms (never), s3:CreateBucket (never)");
    assert.equal(found("*"), found("s3:*"));
    assert.equal(found("s3:Delete", "xs3:DeleteBucket", "s3.*"), "not used for 90 days: kms (never)");
    assert.equal(judged([used("s3", 1, tracked)], ["s3:CreateBucket"]).status, "warning");
    assert.equal(judged([used("s3", 1, tracked)]).status, "ok");
  });

  it("are in order where all were used, or nothing is allowed", () => {
    const { status, found } = judged([used("s3", 1), used("logs", 89)]);

    assert.deepEqual([status, found], ["ok", "used within 90 days: s3, logs"]);
    assert.equal(judged([]).found, "allows no service");
  });

  it("are not judged of a role that is younger than that", () => {
    const young = judgeAge("single-1a2b3c4", daysAgo(89), 90, now);

    assert.deepEqual(
      [young?.status, young?.found],
      ["unchecked", "the role is 89 days old, and is judged by 90: run again later, or give --days"],
    );
    assert.equal(judgeAge("single-1a2b3c4", daysAgo(90), 90, now), undefined);
    assert.equal(judgeAge("single-1a2b3c4", undefined, 90, now), undefined);
  });
});

describe("leftovers", () => {
  const arn = (rest: string, service = "sagemaker") => `arn:aws:${service}:us-east-1:123456789012:${rest}`;
  const context = {
    stack: "dev",
    project: "sagemaker-ops",
    environment: "dev",
    otherEnvironments: ["prod"],
    region: "us-east-1",
  };
  const mine = (...arns: string[]) => arns.map((one) => ({ arn: one, stackTag: "sagemaker-ops/dev" }));
  const state = [
    {
      type: "aws:sagemaker/endpoint:Endpoint",
      name: "single",
      id: "sagemaker-ops-dev-single",
      arn: arn("endpoint/sagemaker-ops-dev-single"),
      replaced: false,
    },
    {
      type: "aws:sns/topic:Topic",
      name: "alerts",
      id: arn("alerts-1a2b3c4", "sns"),
      replaced: false,
    },
    {
      type: "aws:ec2/natGateway:NatGateway",
      name: "nat",
      id: "nat-0123456789abcdef0",
      replaced: false,
    },
    {
      type: "aws:cloudwatch/logGroup:LogGroup",
      name: "log",
      id: "/aws/lambda/x",
      arn: arn("log-group:/aws/lambda/x:*", "logs"),
      replaced: false,
    },
    {
      type: "aws:ec2/instance:Instance",
      name: "box",
      id: "i-0123456789abcdef0",
      arn: arn("instance/i-0123456789abcdef0", "ec2"),
      partIds: ["vol-0123456789abcdef0"],
      replaced: true,
    },
  ];

  it("are none where all that is tagged is in the state, jobs and registered models aside", () => {
    const tagged = mine(
      arn("endpoint/sagemaker-ops-dev-single"),
      arn("alerts-1a2b3c4", "sns"),
      arn("log-group:/aws/lambda/x", "logs"),
      arn("instance/i-0123456789abcdef0", "ec2"),
      arn("volume/vol-0123456789abcdef0", "ec2"),
      arn("natgateway/nat-0123456789abcdef0", "ec2"),
      arn("training-job/sagemaker-ops-dev-search-001-abc"),
      arn("hyper-parameter-tuning-job/sagemaker-ops-dev-search"),
      arn("model-package-group/sagemaker-ops-dev-breeds"),
    );

    assert.deepEqual(
      judgeLeftovers(
        [
          ...tagged,
          { arn: arn("endpoint/sagemaker-ops-prod-breeds"), stackTag: "sagemaker-ops/prod" },
          { arn: arn("endpoint/x"), stackTag: "another-project/dev" },
        ],
        state,
        context,
      ),
      [
        {
          area: "leftovers",
          check: "tagged",
          subject: "sagemaker-ops/dev",
          status: "ok",
          found: "9 tagged things, none of them left over",
        },
      ],
    );
  });

  it("are told one by one, with the command that deletes them where there is a short one", () => {
    const findings = judgeLeftovers(
      mine(arn("endpoint/sagemaker-ops-dev-old"), "arn:aws:s3:::data-1a2b3c4", arn("volume/vol-1", "ec2")),
      state,
      context,
    );

    assert.deepEqual(findings[0], {
      area: "leftovers",
      check: "tagged",
      subject: arn("endpoint/sagemaker-ops-dev-old"),
      status: "warning",
      found: "carries this stack's tag and is not in its state",
      expected: "in the state, or not there",
      fix: "The list of tags lags behind: look whether it is still there. If a deployment was killed: `npx sagemaker-ops recover --stack dev`. Else delete it by hand: aws sagemaker delete-endpoint --endpoint-name sagemaker-ops-dev-old --region us-east-1",
    });
    assert.match(findings[1]?.fix ?? "", /Else delete it by hand\.$/);
    assert.match(findings[2]?.fix ?? "", /aws ec2 delete-volume --volume-id vol-1 --region us-east-1$/);
    assert.equal(findings.length, 3);
  });

  it("of releases are prune's, and told together", () => {
    const [found, ...more] = judgeLeftovers(
      mine(
        ...[1, 2, 3, 4, 5].map((number) => arn(`endpoint-config/single-config-${number}`)),
        arn("model/single-model-1"),
        arn("log-group:/aws/sagemaker/Endpoints/old", "logs"),
      ),
      state,
      context,
    );

    assert.deepEqual(more, []);
    assert.equal(
      found?.found,
      "endpoint-config single-config-1, endpoint-config single-config-2, endpoint-config single-config-3, endpoint-config single-config-4, endpoint-config single-config-5 and 2 more not in the state",
    );
    assert.equal(found?.fix, "npx sagemaker-ops prune --stack dev shows which of them nothing uses.");
  });

  it("may belong to a stack that has no file here", () => {
    const tagged = [
      { arn: arn("endpoint/sagemaker-ops-old-a"), stackTag: "sagemaker-ops/old" },
      { arn: arn("endpoint/sagemaker-ops-old-b"), stackTag: "sagemaker-ops/old" },
    ];

    const [found, ...more] = judgeLeftovers(tagged, state, context);

    assert.deepEqual(more, []);
    assert.deepEqual([found?.subject, found?.status], ["sagemaker-ops/old", "warning"]);
    assert.equal(
      found?.found,
      `there is no stack file for it here, and 2 things carry its tag: ${tagged.map(({ arn: one }) => one).join(", ")}`,
    );
  });
});
