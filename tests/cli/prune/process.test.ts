import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { describe, it } from "mocha";
import { projectRoot } from "../../../cli/core/project-root";
import { runCli } from "../../support/run-cli";
import { contentsOf, copyOf } from "./fake-account";
import { startFakeAws } from "./fake-aws";
import { awsEnvironment, smallAccount, usedState } from "./prune-tools";

/** The command as a process of its own, on the project's own stack file. */
describe("the process of sagemaker-ops prune", () => {
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-prune-process-"));
  const state = join(folder, "state.json");
  writeFileSync(state, JSON.stringify(usedState));
  after(() => rmSync(folder, { recursive: true }));
  const args = ["prune", "--stack", "dev", "--state", state, "--keep", "1", "--yes"];

  it("may be killed in the middle of its deletions, and run again", async () => {
    const account = smallAccount();
    const expected = copyOf(account);
    const undisturbed = await startFakeAws(expected);
    assert.equal((await runCli(args, awsEnvironment(undisturbed.origin, folder))).status, 0);
    await undisturbed.close();

    const killed = await startFakeAws(account);
    const child = spawn(process.execPath, [join(projectRoot, "cli/bin.cjs"), ...args], {
      env: { ...process.env, ...awsEnvironment(killed.origin, folder) },
      stdio: "ignore",
    });
    killed.fate = ({ operation }) => {
      if (operation === "DeleteModel") child.kill("SIGKILL");
      return "answer";
    };
    const signal = await new Promise((resolve) => child.on("close", (_, with_) => resolve(with_)));
    await killed.close();
    assert.equal(signal, "SIGKILL");
    assert.notDeepEqual(contentsOf(account), contentsOf(expected));

    const again = await startFakeAws(account);
    const { status, stderr } = await runCli(args, awsEnvironment(again.origin, folder));
    await again.close();

    assert.equal(status, 0, stderr);
    assert.deepEqual(contentsOf(account), contentsOf(expected));
  });

  it("says what to install or to give, with status 3, where there is no Pulumi CLI", async () => {
    for (const command of [
      ["prune"],
      ["verify"],
      ["promote", "breeds", "--from", "single"],
      ["rollback", "breeds"],
    ]) {
      const { status, stdout, stderr } = await runCli([...command, "--stack", "dev"], {
        PATH: [folder, dirname(process.execPath)].join(delimiter),
      });

      assert.deepEqual([status, stdout], [3, ""], command.join(" "));
      assert.match(stderr, /The Pulumi CLI is not installed.*give --state/s);
    }
  });
});
