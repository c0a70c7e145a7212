import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idleShutdownProgram } from "../../infra/rules/idle-shutdown";

const folders: string[] = [];
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "idle-shutdown-"));
  folders.push(folder);
  return folder;
}
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe("idleShutdownProgram", () => {
  /** Runs the program once a minute of a pretended box; returns the minute in which it shuts down. */
  function shutdownMinute(minutes: readonly Partial<Minute>[], idleMinutes: number): number | undefined {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "shutdown_when_idle.py"), idleShutdownProgram(idleMinutes));
    writeFileSync(
      join(folder, "driver.py"),
      `import json, sys
import shutdown_when_idle as program
program.STATE = ${JSON.stringify(join(folder, "state"))}
total = waiting = 0
for number, minute in enumerate(json.load(sys.stdin)):
    total += 6000
    waiting += 60 * (100 - minute.get("processor", 0))
    program.uptime = lambda: 60.0 * number
    program.processor_times = lambda: (total, waiting)
    program.training = lambda: minute.get("training", False)
    program.someone_here = lambda: minute.get("someone", False)
    program.gpu_percent = lambda: minute.get("gpu", 0.0)
    def shut_down():
        print("SHUTDOWN", number)
        sys.exit(0)
    program.shut_down = shut_down
    program.main()
`,
    );
    const { stdout, stderr, status } = spawnSync("python3", ["driver.py"], {
      cwd: folder,
      input: JSON.stringify(minutes),
      encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    const [, minute] = /SHUTDOWN (\d+)/.exec(stdout) ?? [];
    return minute === undefined ? undefined : Number(minute);
  }
  interface Minute {
    processor: number;
    gpu: number;
    training: boolean;
    someone: boolean;
  }
  const idle = (count: number): Partial<Minute>[] => Array(count).fill({});

  it("shuts down after the configured minutes below 5 %", () => {
    assert.equal(shutdownMinute(idle(40), 30), 30);
    assert.equal(shutdownMinute(idle(30), 30), undefined);
    assert.equal(shutdownMinute([...idle(20), { processor: 6 }, ...idle(40)], 30), 50);
    assert.equal(shutdownMinute([...idle(20), { processor: 4 }, ...idle(40)], 30), 30);
  });

  for (const [what, busy] of [
    ["a GPU at work", { gpu: 50 }],
    ["training, even where it uses little of a large machine", { training: true }],
    ["somebody logged in", { someone: true }],
  ] as const) {
    it(`leaves the box on for ${what}`, () => {
      assert.equal(shutdownMinute(Array(60).fill(busy), 30), undefined);
      assert.equal(shutdownMinute([...Array(60).fill(busy), ...idle(40)], 30), 89);
    });
  }

  it("reads the counters of a real machine", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "shutdown_when_idle.py"), idleShutdownProgram(30));
    const program =
      "import shutdown_when_idle as p; total, waiting = p.processor_times();" +
      "print(0 < waiting <= total, p.uptime() > 0, p.gpu_percent() >= 0, p.output('no-such-command'))";

    assert.equal(
      execFileSync("python3", ["-c", program], { cwd: folder, encoding: "utf8" }),
      "True True True \n",
    );
  });
});
