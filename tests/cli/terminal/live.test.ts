import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, it } from "mocha";
import { projectRoot } from "../../../cli/core/project-root";
import { jobOutputs } from "../faults/job-scenarios";
import { awsEnvironment } from "../prune/prune-tools";
import { type FakeOperate, startFakeOperate } from "../train/fake-operate";
import { epochLine, minutesAgo, runningJob, singleName, start, trainingGroup } from "../train/train-jobs";
import { compareFile } from "./golden";
import { Screen } from "./screen";

/** Seconds go on while the command runs. */
const plain = (text: string) =>
  text.replace(/(\d+ min) \d+ s\b/g, "$1").replace(/about \d+ min/g, "about 9 min");

/** A real terminal, narrow enough that lines of the block are broken. It proves what is sent to it, not how each terminal shows it. */
describe("sagemaker-ops train wait on a terminal", function () {
  this.timeout(120_000);
  const columns = 60;
  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-pty-test-"));
  writeFileSync(join(folder, "outputs.json"), JSON.stringify(jobOutputs));
  let aws: FakeOperate;

  afterEach(() => aws.close());
  after(() => rmSync(folder, { recursive: true }));

  it("writes one block over and over, and on Ctrl-C leaves a word instead of it", async () => {
    aws = await startFakeOperate(start);
    aws.jobs.set(singleName, runningJob());
    const tellEpoch = (epoch: number) =>
      aws.lines.push({
        group: trainingGroup,
        stream: `${singleName}/algo-1-1767600000`,
        at: minutesAgo(10 - epoch),
        message: epochLine(epoch, 1 - epoch / 10),
      });
    tellEpoch(1);
    const screen = new Screen(columns);
    const child = spawn(
      "python3",
      [
        ...[
          join(__dirname, "on_terminal.py"),
          String(columns),
          "40",
          process.execPath,
          join(projectRoot, "cli/bin.cjs"),
        ],
        ...["train", "wait", "single", "--stack", "dev", "--outputs", "outputs.json"],
      ],
      {
        cwd: folder,
        env: {
          ...process.env,
          ...awsEnvironment(aws.origin, folder),
          TERM: "xterm",
          NO_COLOR: "",
          NODE_NO_WARNINGS: "1",
        },
        stdio: ["pipe", "pipe", "inherit"],
      },
    );
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      screen.write(text);
      if (screen.text.includes("epoch    1 of") && aws.lines.length === 1) tellEpoch(2);
      if (screen.text.includes("epoch    2 of")) child.stdin.end("\u0003");
    });

    const status = await new Promise((resolve) => child.on("close", resolve));

    assert.equal(status, 130, screen.text);
    const screens = [...screen.earlier, screen.text].map(plain);
    const distinct = screens.filter((one, index) => one !== screens[index - 1]);
    compareFile(
      "train-wait-live.txt",
      distinct.map((one, index) => `=== screen ${index + 1}\n${one}\n`).join("\n"),
    );
  });
});
