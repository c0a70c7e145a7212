import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "mocha";
import { judgeAccount, judgeClock, judgeCredentials, judgeRegion } from "../../../cli/core/doctor/account";
import { judgeLinkedRole } from "../../../cli/core/doctor/linked-roles";
import {
  judgeAwsCli,
  judgeGit,
  judgeNode,
  judgePulumi,
  judgePython,
  judgeSessionPlugin,
  oldestPulumi,
} from "../../../cli/core/doctor/tools";
import { projectRoot } from "../../../cli/core/project-root";

describe("the tools of this computer", () => {
  it("are compared by numbers", () => {
    const node = (version: string) => judgeNode(version, ">=20.19").status;

    assert.deepEqual(["v20.19.0", "v20.18.3", "v20.9.0", "v22.0.0", "v9.99.0"].map(node), [
      "ok",
      "problem",
      "problem",
      "ok",
      "problem",
    ]);
    assert.deepEqual(judgeNode("v18.20.1", ">=20.19"), {
      area: "computer",
      check: "node",
      subject: "Node.js",
      status: "problem",
      found: "v18.20.1",
      expected: "20.19 or newer",
      fix: "Install it: https://nodejs.org/en/download",
    });
    assert.equal(judgeNode("v18.20.1", "^20 || ^22").status, "unchecked");
  });

  it("have a Pulumi CLI that is not older than the one that is tried, and README says which", () => {
    const pulumi = (printed: string | undefined) => judgePulumi(printed).status;

    assert.deepEqual(["v3.259.0\n", "v3.258.9", "3.270.0", "v4.0.0", undefined, "dirty"].map(pulumi), [
      "ok",
      "problem",
      "ok",
      "ok",
      "problem",
      "unchecked",
    ]);
    assert.equal(judgePulumi("v3.300.1-alpha.x").found, "3.300.1");
    assert.match(
      readFileSync(join(projectRoot, "README.md"), "utf8"),
      new RegExp(`from ${oldestPulumi.replace(/\.0$/, "").replace(".", "\\.")} on`),
    );
  });

  it("may lack git and Python, with a warning", () => {
    assert.equal(judgeGit("git version 2.39.5 (Apple Git-154)").found, "2.39.5");
    assert.equal(judgeGit(undefined).status, "warning");
    assert.equal(
      judgePython({ kind: "found", path: "python3.12", version: "3.12.4" }).found,
      "3.12.4 (python3.12)",
    );
    assert.equal(judgePython({ kind: "none", reason: "there is none" }).status, "warning");
  });
});

describe("the tools that open a shell on a training box", () => {
  it("are the AWS CLI and its plugin, and a warning where they are missing or too old", () => {
    const cli = (printed: string | undefined) => judgeAwsCli(printed).status;

    assert.deepEqual(
      [
        "aws-cli/2.31.0 Python/3.13.7 Linux/6.8 exe/x86_64\n",
        "aws-cli/1.16.12 Python/3",
        "aws-cli/1.16.2",
        undefined,
        "x",
      ].map(cli),
      ["ok", "ok", "warning", "warning", "unchecked"],
    );
    assert.match(
      judgeAwsCli(undefined).expected ?? "",
      /^1\.16\.12 or newer: `connect box` opens a shell on the training box with it$/,
    );
    assert.equal(judgeSessionPlugin("1.2.707.0\n").found, "1.2.707.0");
    assert.equal(judgeSessionPlugin(undefined).status, "warning");
  });
});

describe("credentials, account, region and clock", () => {
  const identity = { accountId: "123456789012", arn: "arn:aws:sts::123456789012:assumed-role/dev/me" };

  it("are whose they are, and better not the root user's", () => {
    assert.deepEqual(judgeCredentials(identity), {
      area: "account",
      check: "credentials",
      subject: "AWS credentials",
      status: "ok",
      found: identity.arn,
    });
    assert.equal(judgeCredentials({ ...identity, arn: "arn:aws:iam::123456789012:root" }).status, "warning");
  });

  it("are of the account that the stack is deployed in", () => {
    assert.equal(judgeAccount(identity, "123456789012").status, "ok");
    assert.equal(judgeAccount(identity, undefined).status, "ok");
    assert.deepEqual(judgeAccount(identity, "210987654321"), {
      area: "account",
      check: "account",
      subject: "AWS account",
      status: "problem",
      found: "123456789012",
      expected: "210987654321, where the stack is deployed",
      fix: "Choose the profile of that account (AWS_PROFILE).",
    });
  });

  it("warn of an environment that leads other tools elsewhere", () => {
    const statuses = [
      {},
      { AWS_REGION: "us-east-1", AWS_DEFAULT_REGION: "eu-west-1" },
      { AWS_REGION: "", AWS_DEFAULT_REGION: "eu-west-1" },
    ].map((env) => judgeRegion("us-east-1", env));

    assert.deepEqual(
      statuses.map(({ status }) => status),
      ["ok", "ok", "warning"],
    );
    assert.equal(statuses[2]?.fix, "export AWS_DEFAULT_REGION=us-east-1");
  });

  it("allow a clock a minute, and refuse it past five", () => {
    const clock = (aheadSeconds: number | undefined) => {
      const { status, found } = judgeClock(aheadSeconds);
      return [status, found];
    };

    assert.deepEqual(clock(0.4), ["ok", "as AWS's"]);
    assert.deepEqual(clock(-60), ["ok", "1 min behind AWS's"]);
    assert.deepEqual(clock(61), ["warning", "1 min 1 s ahead of AWS's"]);
    assert.deepEqual(clock(-300), ["warning", "5 min behind AWS's"]);
    assert.deepEqual(clock(-301), ["problem", "5 min 1 s behind AWS's"]);
    assert.deepEqual(clock(undefined), ["unchecked", "AWS did not answer"]);
  });
});

describe("roles that AWS makes for itself", () => {
  const role = {
    roleName: "AWSServiceRoleForEC2Spot",
    service: "spot.amazonaws.com",
    neededFor: "a training box on spot",
  };

  it("are a warning where they are not there yet, with the command that makes them", () => {
    assert.equal(judgeLinkedRole(role, true).status, "ok");
    assert.deepEqual(judgeLinkedRole(role, false), {
      area: "roles",
      check: "linked role",
      subject: "AWSServiceRoleForEC2Spot",
      status: "warning",
      found:
        "is not there. AWS makes it at the first use, if whoever deploys may iam:CreateServiceLinkedRole for spot.amazonaws.com",
      expected: "the role, for a training box on spot",
      fix: "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    });
  });
});
