import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootIdFile, finishedMark } from "../../infra/rules/box-scripts";
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

const settingsUri = "s3://output/code/box.json";

describe("idleShutdownProgram", () => {
  /** Runs the program once a minute of a pretended box; returns the minute in which it shuts down. */
  function shutdownMinute(minutes: readonly Partial<Minute>[], idleMinutes: number): number | undefined {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "shutdown_when_idle.py"), idleShutdownProgram({ idleMinutes, settingsUri }));
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
    program.finished = lambda: minute.get("finished", False)
    program.configured_minutes = lambda: minute.get("settings")
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
    finished: boolean;
    /** What the settings in S3 say; nothing where they cannot be read. */
    settings: number;
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

  it("shuts down at the first quiet look after a training has ended well", () => {
    const training = Array(5).fill({ training: true, gpu: 90, processor: 50 });
    const done = { finished: true };

    assert.equal(shutdownMinute([...training, { ...done, processor: 50 }, done, done], 30), 6);
    assert.equal(shutdownMinute([...training, done], 30), 5);
  });

  for (const [what, busy] of [
    ["somebody is logged in", { someone: true }],
    ["the next training runs", { training: true }],
    ["a GPU is at work", { gpu: 50 }],
    ["a processor is at work", { processor: 20 }],
  ] as const) {
    it(`waits with that while ${what}`, () => {
      assert.equal(
        shutdownMinute([...Array(40).fill({ finished: true, ...busy }), { finished: true }], 30),
        40,
      );
    });
  }

  it("takes the idle time from the settings, looks at them every ten minutes, and keeps it while they cannot be read", () => {
    const first = { settings: 12 };
    assert.equal(shutdownMinute([first, ...idle(40)], 30), 12);
    assert.equal(shutdownMinute([{}, { settings: 12 }, ...idle(40)], 30), 30);
    assert.equal(shutdownMinute([...idle(10), { settings: 15 }, ...idle(40)], 30), 15);
    assert.equal(shutdownMinute([first, ...idle(9), { settings: 60 }, ...idle(80)], 30), 60);
    assert.equal(shutdownMinute([{ settings: 60 }, ...idle(80)], 30), 60);
  });

  /** What a piece of Python that has the program as `p` prints, on a machine where `aws` is the given script. */
  function told(lines: readonly string[], aws = "exit 1"): unknown {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "shutdown_when_idle.py"),
      idleShutdownProgram({ idleMinutes: 30, settingsUri }),
    );
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/aws"), `#!/bin/sh\n${aws}\n`);
    chmodSync(join(folder, "bin/aws"), 0o755);
    // Set inside, as a version manager's python3 puts folders of its own in front of what it is given.
    const start = ["import json, os, shutdown_when_idle as p", 'os.environ["PATH"] = "bin:/usr/bin:/bin"'];
    return JSON.parse(
      execFileSync("python3", ["-c", [...start, ...lines].join("\n")], { cwd: folder, encoding: "utf8" }),
    );
  }

  it("believes a mark of this boot alone", () => {
    const lines = [
      'p.FINISHED, p.BOOT_ID = "mark", "boot"',
      "def finished(name, text):",
      '    with open(name, "w") as file:',
      "        file.write(text)",
      "    return p.finished()",
      'print(json.dumps([finished("boot", "this\\n"), finished("mark", "earlier\\n"), finished("mark", "this\\n")]))',
    ];

    assert.deepEqual(told(lines), [false, false, true]);
    assert.deepEqual(told(["print(json.dumps([p.FINISHED, p.BOOT_ID]))"]), [finishedMark, bootIdFile]);
  });

  it("reads the settings from their place, and takes nothing but whole minutes", () => {
    const aws = `[ "$*" = "s3 cp --only-show-errors ${settingsUri} -" ] && echo '{"idleShutdownMinutes": 45}'`;
    assert.deepEqual(told(["print(json.dumps([p.configured_minutes()]))"], aws), [45]);
    assert.deepEqual(told(["print(json.dumps([p.configured_minutes()]))"], "exit 1"), [null]);

    const answers = [
      '{"idleShutdownMinutes": "45"}',
      '{"idleShutdownMinutes": 0}',
      '{"idleShutdownMinutes": true}',
    ];
    const lines = [
      "def minutes(answer):",
      "    p.output = lambda *command: answer",
      "    return p.configured_minutes()",
      `print(json.dumps([minutes(answer) for answer in ${JSON.stringify([...answers, "{}", "[]", ""])}]))`,
    ];
    assert.deepEqual(told(lines), [null, null, null, null, null, null]);
  });

  it("reads the counters of a real machine", () => {
    const folder = temporaryFolder();
    writeFileSync(
      join(folder, "shutdown_when_idle.py"),
      idleShutdownProgram({ idleMinutes: 30, settingsUri }),
    );
    const program =
      "import shutdown_when_idle as p; total, waiting = p.processor_times();" +
      "print(0 < waiting <= total, p.uptime() > 0, p.gpu_percent() >= 0, p.output('no-such-command'))";

    assert.equal(
      execFileSync("python3", ["-c", program], { cwd: folder, encoding: "utf8" }),
      "True True True \n",
    );
  });
});
