import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { judgeConcurrency } from "../../../cli/core/doctor/concurrency";
import type { InstanceNeed } from "../../../cli/core/doctor/needs";
import { judgeBox, judgeInstances, type Quota } from "../../../cli/core/doctor/quotas";

const need: InstanceNeed = {
  check: "hosting",
  instanceType: "ml.m5.large",
  quotaName: "ml.m5.large for endpoint usage",
  instances: 12,
};
const quota: Quota = {
  serviceCode: "sagemaker",
  code: "L-12345678",
  name: need.quotaName,
  value: 12,
  adjustable: true,
  isDefault: false,
};
const unknown = { account: undefined };
const context = { region: "us-east-1", isDeployed: false };
const finding = { area: "limits", check: "hosting", subject: need.quotaName };
const worst = "all endpoints at their maximum, the largest rollout under way, shadows included";
const request = (code: string, service: string, desired: number) =>
  `aws service-quotas request-service-quota-increase --region us-east-1 --service-code ${service} --quota-code ${code} --desired-value ${desired} (hours to days), or ask for less in the stack file.`;

describe("quotas of instances", () => {
  it("are enough from what is needed on", () => {
    assert.deepEqual(judgeInstances(need, quota, unknown, context), [
      { ...finding, status: "ok", found: "12; needed: 12" },
    ]);
  });

  it("are a problem with one less, and the fix asks for the quota by its code", () => {
    assert.deepEqual(judgeInstances(need, { ...quota, value: 11 }, unknown, context), [
      {
        ...finding,
        status: "problem",
        found: "11; needed: 12",
        expected: `at least 12: ${worst}`,
        fix: request("L-12345678", "sagemaker", 12),
      },
    ]);
  });

  it("are no quota to ask for where AWS does not raise it", () => {
    const [found] = judgeInstances(need, { ...quota, value: 0, adjustable: false }, unknown, context);

    assert.equal(found?.fix, "AWS does not raise this quota (L-12345678): ask for less in the stack file.");
  });

  it("are told as a default where the account's own value is not known", () => {
    const [found] = judgeInstances(need, { ...quota, isDefault: true }, unknown, context);

    assert.equal(found?.found, "12 (AWS's default; the account's own value is not told); needed: 12");
  });

  it("are a warning where others use them up, unless what is used may be the stack's own", () => {
    const [first] = judgeInstances(need, quota, { account: 3 }, context);
    const [later] = judgeInstances(need, quota, { account: 3 }, { ...context, isDeployed: true });

    assert.deepEqual(first, {
      ...finding,
      status: "warning",
      found: "12, 3 in use by the whole account; needed: 12",
      expected: `12 that others leave: ${worst}`,
      fix: request("L-12345678", "sagemaker", 15),
    });
    assert.equal(later?.status, "ok");
    assert.equal(judgeInstances(need, quota, { account: 0 }, context)[0]?.status, "ok");
  });

  it("are a warning where others leave too few beside what the stack has already", () => {
    const deployed = { ...context, isDeployed: true };
    const judged = (account: number, own: number) =>
      judgeInstances(need, quota, { account, own }, deployed)[0];

    assert.deepEqual(judged(9, 8), {
      ...finding,
      status: "warning",
      found: "12, 9 in use by the whole account, 8 of them by this stack; needed: 12",
      expected: `12 that others leave: ${worst}`,
      fix: request("L-12345678", "sagemaker", 13),
    });
    assert.equal(judged(8, 8)?.status, "ok");
    assert.equal(judged(6, 8)?.status, "ok", "the metric comes late");
    assert.equal(judged(3, 0)?.status, "warning");
  });

  it("are a problem where the stack file counts on more than there is", () => {
    const found = judgeInstances({ ...need, declared: 20 }, quota, unknown, context);

    assert.deepEqual(
      found.map(({ status }) => status),
      ["ok", "problem"],
    );
    assert.equal(found[1]?.found, "the stack file says 20, and the account has 12");
    assert.equal(judgeInstances({ ...need, declared: 12 }, quota, unknown, context).length, 1);
  });

  it("are not checked where Service Quotas does not know the name", () => {
    assert.deepEqual(judgeInstances(need, undefined, unknown, context), [
      {
        ...finding,
        status: "unchecked",
        found: "Service Quotas has no quota of this name in this region",
        fix: "Ask AWS Support whether the type is to be had here, or look at https://us-east-1.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas",
      },
    ]);
  });

  it("are counted in vCPUs for the training box", () => {
    const box = { instanceType: "g4dn.xlarge", vCpus: 4, quotaCodes: ["L-3819A6DF"] };
    const spot = {
      ...quota,
      serviceCode: "ec2",
      code: "L-3819A6DF",
      name: "All G and VT Spot Instance Requests",
    };

    assert.equal(judgeBox(box, { ...spot, value: 4 }, { account: 0 }, context).status, "ok");
    assert.deepEqual(judgeBox(box, { ...spot, value: 0 }, { account: 0 }, context), {
      area: "limits",
      check: "box",
      subject: "All G and VT Spot Instance Requests",
      status: "problem",
      found: "0, 0 in use by the whole account; needed: 4",
      expected: "at least 4: vCPUs of g4dn.xlarge",
      fix: request("L-3819A6DF", "ec2", 4),
    });
    assert.equal(judgeBox(box, undefined, unknown, context).status, "unchecked");
  });
});

describe("Lambda's concurrency", () => {
  const reserving = { reserved: 105, declared: 1000, functionNames: [] };
  const judged = (limit: number, unreserved: number, own = 0, declared = limit) =>
    judgeConcurrency({ ...reserving, declared }, { limit, unreserved, own }, "us-east-1");

  it("is enough where a hundred stay unreserved", () => {
    assert.deepEqual(judged(1000, 205), [
      {
        area: "limits",
        check: "concurrency",
        subject: "Lambda executions at once",
        status: "ok",
        found: "1000 in the account, of which 105 can be reserved; reserved by this stack: 105",
      },
    ]);
  });

  it("is a problem with one less, and what others reserve is asked for beside it", () => {
    assert.deepEqual(judged(1000, 204), [
      {
        area: "limits",
        check: "concurrency",
        subject: "Lambda executions at once",
        status: "problem",
        found: "1000 in the account, of which 104 can be reserved; reserved by this stack: 105",
        expected: "105 that can be reserved, and 100 that stay unreserved",
        fix: request("L-B99A9384", "lambda", 1001),
      },
    ]);
  });

  it("counts what the stack's functions have already as theirs", () => {
    assert.equal(judged(1000, 100, 105)[0]?.status, "ok");
    assert.equal(judged(1000, 100, 104)[0]?.status, "problem");
  });

  it("says why nothing can be reserved in a new account", () => {
    const [found] = judged(10, 10);

    assert.equal(
      found?.found,
      "10 in the account, of which 0 can be reserved; reserved by this stack: 105. New accounts begin with 10",
    );
    assert.equal(found?.fix, request("L-B99A9384", "lambda", 1000));
  });

  it("is a warning where the stack file counts on more", () => {
    assert.deepEqual(
      judged(1000, 1000, 0, 1001).map(({ status, found }) => [status, found]),
      [
        ["ok", "1000 in the account, of which 900 can be reserved; reserved by this stack: 105"],
        ["warning", "the stack file counts on 1001, and the account has 1000"],
      ],
    );
  });
});
