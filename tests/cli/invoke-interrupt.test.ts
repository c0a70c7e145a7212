import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describe, it } from "mocha";
import { projectRoot } from "../../cli/core/project-root";
import { invokeTools, logits } from "./invoke-tools";

describe("Ctrl-C in sagemaker-ops invoke", () => {
  const { dog, serve, awsEnvironment, run } = invokeTools();

  /** Answers three requests, and calls `then` at the next, which stays without an answer. */
  const runtime = async (then: () => void) => {
    let requests = 0;
    const { origin, seen } = await serve((_, response) => {
      requests += 1;
      if (requests <= 3) response.writeHead(200).end(logits);
      else then();
    });
    return { seen, env: { AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: origin } };
  };
  const args = [dog, "--endpoint", "breeds", "--repeat", "50"];

  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)
    it(`tells what was measured, sends no more, and ends with ${expected} at ${signal}`, async () => {
      let interrupt = () => {};
      let ended = false;
      const { seen, env } = await runtime(() => interrupt());

      const { status, stdout, stderr } = await run(args, env, {
        isTTY: true,
        onInterrupt: (interrupted) => {
          interrupt = () => interrupted(signal);
          return () => {
            ended = true;
          };
        },
      });

      assert.deepEqual([status, seen.length, ended], [expected, 4, true]);
      assert.equal(stderr.split("\r").at(-1), "\u001b[K");
      assert.match(stdout, /^3 requests to endpoint breeds\n/);
      assert.match(stdout, /^ {2}3 answers, 1 at once, /m);
      assert.match(stdout, /\nInterrupted: 47 further requests were not sent, or had no answer yet\.\n$/);
    });

  it("ends the process at once, whatever waits for an answer", async () => {
    let kill = () => {};
    const { env } = await runtime(() => kill());
    const child = spawn(process.execPath, [join(projectRoot, "cli/bin.cjs"), "invoke", ...args, "--json"], {
      env: { ...process.env, ...awsEnvironment(env) },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let stdout = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    kill = () => child.kill("SIGINT");

    const status = await new Promise((resolve) =>
      child.on("close", (code, signal) => resolve(signal ?? code)),
    );

    const { requests, answered, notSent, interrupted } = JSON.parse(stdout);
    assert.deepEqual([status, requests, answered, notSent, interrupted], [130, 3, 3, 47, "SIGINT"]);
  });
});
