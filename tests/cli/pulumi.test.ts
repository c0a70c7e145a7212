import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { runCli } from "../support/run-cli";

/** Stands in for the CLI: notes its arguments and the policy configuration it was given, writes the log it is told to, and ends as told. */
const stub = `#!/usr/bin/env node
const { readFileSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2);
const file = args[args.indexOf("--policy-pack-config") + 1];
const log = args[args.indexOf("--event-log") + 1];
if (args.includes("--event-log") && process.env.PULUMI_DEBUG_COMMANDS === "true") writeFileSync(log, process.env.STUB_EVENTS);
process.stdout.write("what Pulumi says\\n");
writeFileSync(process.env.STUB_REPORT, JSON.stringify({ args, file, cwd: process.cwd(), config: JSON.parse(readFileSync(file, "utf8")) }));
process.exit(Number(process.env.STUB_STATUS));
`;

interface Report {
  readonly args: readonly string[];
  readonly file: string;
  readonly cwd: string;
  readonly config: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Does not prove what the real CLI does with the arguments. */
describe("sagemaker-ops preview and up", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-pulumi-"));
    writeFileSync(join(folder, "pulumi"), stub);
    chmodSync(join(folder, "pulumi"), 0o755);
  });
  after(() => rmSync(folder, { recursive: true }));

  const run = (args: readonly string[], status = 0, events = "") =>
    runCli(args, {
      STUB_EVENTS: events,
      PATH: [folder, dirname(process.execPath)].join(delimiter),
      STUB_REPORT: join(folder, "report.json"),
      STUB_STATUS: String(status),
    });
  const report = () => JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as Report;

  for (const operation of ["preview", "up"]) {
    it(`hands ${operation} the pack, the stack's ceilings and the rest of the line`, async () => {
      const { status, stderr } = await run([operation, "--stack", "dev", "--", "--diff", "--refresh"]);

      assert.equal(status, 0, stderr);
      const { args, file, cwd, config } = report();
      assert.deepEqual(
        args.map((argument) => (argument === file ? "<file>" : argument.replace(dirname(file), "<folder>"))),
        [
          operation,
          "--stack",
          "dev",
          "--policy-pack",
          join(projectRoot, "policy"),
          "--policy-pack-config",
          "<file>",
          ...(operation === "up" ? ["--event-log", "<folder>/events.json"] : []),
          "--diff",
          "--refresh",
        ],
      );
      assert.equal(cwd, projectRoot);
      assert.deepEqual(config["cost-instance-ceiling"], {
        enforcementLevel: "mandatory",
        hourlyUsd: { hosting: 0.12, training: 0.75, tuning: 0.25, notebook: 0.06, compute: 0.6 },
        unpriced: "deny",
        region: "us-east-1",
      });
      assert.equal(existsSync(file), false, "the temporary file is gone");
    });
  }

  it("ends as Pulumi ends, and explains below its text why an update failed, where the cause is known", async () => {
    const diagnosticEvent = {
      urn: "urn:pulumi:dev::sagemaker-ops::mlops:x:Y$aws:sagemaker/endpoint:Endpoint::single-endpoint",
      severity: "error",
      message:
        "operation error SageMaker: CreateEndpoint, https response error StatusCode: 400, RequestID: 1, ResourceLimitExceeded: The limit",
    };
    const events = `${JSON.stringify({ diagnosticEvent })}\n`;

    const unknown = await run(["up", "--stack", "dev"], 255);
    const known = await run(["up", "--stack", "dev"], 255, events);
    const done = await run(["up", "--stack", "dev"], 0, events);
    const preview = await run(["preview", "--stack", "dev"], 255, events);

    assert.deepEqual(
      [unknown, known, done, preview].map(({ status, stdout }) => [status, stdout]),
      [255, 255, 0, 255].map((status) => [status, "what Pulumi says\n"]),
    );
    assert.match(
      known.stderr,
      /^\nWhy it failed, as far as the errors tell\nsingle-endpoint: the account's quota [\s\S]*Service Quotas/,
    );
    assert.deepEqual([unknown.stderr, done.stderr, preview.stderr], ["", "", ""]);
  });

  it("says what to install, with status 3, where there is no CLI", async () => {
    const { status, stdout, stderr } = await runCli(["preview", "--stack", "dev"], {
      PATH: dirname(process.execPath),
    });

    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, /Pulumi CLI is not installed.*npm run plan/s);
  });

  it("does not start Pulumi on an invalid configuration or an unknown stack", async () => {
    rmSync(join(folder, "report.json"), { force: true });

    const { status, stderr } = await run(["up", "--stack", "production"]);

    assert.equal(status, 2);
    assert.match(stderr, /dev, prod, staging/);
    assert.equal(existsSync(join(folder, "report.json")), false);
  });
});
