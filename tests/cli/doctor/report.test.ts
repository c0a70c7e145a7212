import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { Finding } from "../../../cli/core/doctor/finding";
import { doctorJson, doctorText } from "../../../cli/core/doctor/report";
import { layoutOf } from "../../../plan/report/layout";

const findings: readonly Finding[] = [
  { area: "computer", check: "node", subject: "Node.js", status: "ok", found: "v22.12.0" },
  {
    area: "leftovers",
    check: "tagged",
    subject: "sagemaker-ops/dev",
    status: "unchecked",
    found: "--offline: AWS is not asked",
  },
  {
    area: "limits",
    check: "hosting",
    subject: "ml.m5.large for endpoint usage",
    status: "problem",
    found: "2; needed: 4",
    expected: "at least 4: all endpoints at their maximum",
    fix: "aws service-quotas request-service-quota-increase --region us-east-1 --service-code sagemaker --quota-code L-1 --desired-value 4",
  },
  {
    area: "limits",
    check: "concurrency",
    subject: "Lambda executions at once",
    status: "warning",
    found: "the stack file counts on 1000, and the account has 500",
    expected: "quotas.lambdaConcurrentExecutions: 500",
    fix: "Correct the number.",
  },
];
const report = { stack: "sagemaker-ops/dev", region: "us-east-1", offline: false, findings };

describe("the report of doctor", () => {
  it("is one table with a heading for each area, in their order, and what to do below each finding", () => {
    assert.equal(
      doctorText(report, layoutOf(140, false)),
      `sagemaker-ops/dev in us-east-1

this computer
  node         ok           Node.js: v22.12.0

quotas and limits
  hosting      PROBLEM      ml.m5.large for endpoint usage: 2; needed: 4. Expected: at least 4: all endpoints at their maximum
                            aws service-quotas request-service-quota-increase --region us-east-1 --service-code sagemaker --quota-code L-1
                            --desired-value 4
  concurrency  warning      Lambda executions at once: the stack file counts on 1000, and the account has 500. Expected:
                            quotas.lambdaConcurrentExecutions: 500
                            Correct the number.

leftovers
  tagged       not checked  sagemaker-ops/dev: --offline: AWS is not asked

1 problem, 1 warning, 1 not checked, of 4 checks.
`,
    );
  });

  it("does not exceed a narrow screen", () => {
    assert.equal(
      doctorText(report, layoutOf(60, false)),
      `sagemaker-ops/dev in us-east-1

this computer
  node         ok           Node.js: v22.12.0

quotas and limits
  hosting      PROBLEM      ml.m5.large for endpoint usage:
                            2; needed: 4. Expected: at least
                            4: all endpoints at their
                            maximum
                            aws service-quotas
                            request-service-quota-increase
                            --region us-east-1
                            --service-code sagemaker
                            --quota-code L-1 --desired-value
                            4
  concurrency  warning      Lambda executions at once: the
                            stack file counts on 1000, and
                            the account has 500. Expected:
                            quotas.lambdaConcurrentExecution
                            s: 500
                            Correct the number.

leftovers
  tagged       not checked  sagemaker-ops/dev: --offline:
                            AWS is not asked

1 problem, 1 warning, 1 not checked, of 4 checks.
`,
    );
  });

  it("says the same in colours, and ends in green where there is no problem", () => {
    const coloured = doctorText(report, layoutOf(140, true));
    const fine = doctorText({ ...report, findings: findings.slice(0, 1) }, layoutOf(140, true));

    // biome-ignore lint/suspicious/noControlCharactersInRegex: the colours themselves
    assert.equal(coloured.replace(/\u001b\[\d+m/g, ""), doctorText(report, layoutOf(140, false)));
    assert.ok(coloured.includes("\u001b[31mPROBLEM    \u001b[39m"), coloured);
    assert.ok(coloured.includes("\u001b[33mwarning    \u001b[39m"), coloured);
    assert.ok(fine.endsWith("\u001b[32mNo problem, of 1 check.\u001b[39m\n"), fine);
  });

  it("has every finding in JSON, in the order of the areas", () => {
    const [node, tagged, hosting, concurrency] = findings;

    assert.deepEqual(JSON.parse(doctorJson(report)), {
      stack: "sagemaker-ops/dev",
      region: "us-east-1",
      offline: false,
      findings: [node, hosting, concurrency, tagged],
    });
  });
});
