import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idleStopProgram, lifecycleContent, notebookStartScript } from "../../infra/rules/idle-stop";

const args = { notebookName: "sagemaker-ops-dev-notebook", region: "eu-west-1", idleStopMinutes: 60 };

/** Runs the program against a pretended Jupyter; the machine has been up for `up` minutes, now is 12:00. */
function run(pretend: {
  up: number;
  kernels?: unknown[];
  terminals?: unknown[];
  silent?: boolean;
  refused?: boolean;
}): { stopped: boolean; log: string; status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "idle-stop-"));
  try {
    writeFileSync(join(folder, "stop_when_idle.py"), idleStopProgram(args));
    writeFileSync(
      join(folder, "driver.py"),
      `import json, sys, types
import stop_when_idle as program
pretend = json.load(sys.stdin)
program.LOG = ${JSON.stringify(join(folder, "log"))}
open(program.LOG, "w").close()
program.seconds_up = lambda: pretend["up"] * 60.0
program.time.time = lambda: 1767268800.0  # 2026-01-01T12:00:00Z
def fetch(path):
    if pretend.get("silent"):
        raise OSError("connection refused")
    return pretend.get(path.replace("/api/", ""), [])
program.fetch = fetch
class Client:
    def stop_notebook_instance(self, **given):
        if pretend.get("refused"):
            raise RuntimeError("AccessDeniedException")
        print("STOP", json.dumps(given))
def client(service, region_name):
    print("CLIENT", service, region_name)
    return Client()
sys.modules["boto3"] = types.SimpleNamespace(client=client)
program.main()
`,
    );
    const { stdout, status } = spawnSync("python3", ["driver.py"], {
      cwd: folder,
      input: JSON.stringify(pretend),
      encoding: "utf8",
    });
    const stop = 'CLIENT sagemaker eu-west-1\nSTOP {"NotebookInstanceName": "sagemaker-ops-dev-notebook"}\n';
    assert.ok(stdout === "" || stdout === stop || pretend.refused === true, stdout);
    return { stopped: stdout === stop, log: readFileSync(join(folder, "log"), "utf8"), status };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const idleKernel = (last_activity: string) => ({ execution_state: "idle", last_activity });

describe("idleStopProgram", () => {
  it("stops an instance whose last kernel activity is an hour ago, and says so", () => {
    const { stopped, log } = run({ up: 600, kernels: [idleKernel("2026-01-01T10:59:59.123456Z")] });

    assert.equal(stopped, true);
    assert.match(log, /stop-when-idle: idle for 60 minutes, stopping sagemaker-ops-dev-notebook\n$/);
  });

  it("leaves it running while activity is more recent, on any kernel or terminal", () => {
    const old = idleKernel("2026-01-01T01:00:00Z");
    assert.equal(run({ up: 600, kernels: [old, idleKernel("2026-01-01T11:30:00Z")] }).stopped, false);
    assert.equal(
      run({ up: 600, kernels: [old], terminals: [{ last_activity: "2026-01-01T11:59:00Z" }] }).stopped,
      false,
    );
  });

  it("leaves it running while a kernel is busy, however long that takes", () => {
    const busy = { execution_state: "busy", last_activity: "2026-01-01T01:00:00Z" };
    assert.equal(run({ up: 600, kernels: [busy] }).stopped, false);
  });

  it("stops one that nobody opened, an hour after its start and not before", () => {
    assert.equal(run({ up: 59 }).stopped, false);
    assert.equal(run({ up: 60 }).stopped, true);
  });

  it("counts a Jupyter that does not answer as no activity, and records the reason", () => {
    const early = run({ up: 10, silent: true });
    assert.equal(early.stopped, false);
    assert.match(early.log, /Jupyter does not answer.*connection refused/);
    assert.equal(run({ up: 61, silent: true }).stopped, true);
  });

  it("fails and records why when it may not stop the instance, so that the next run tries again", () => {
    const { status, log } = run({ up: 61, refused: true });

    assert.equal(status, 1);
    assert.match(log, /could not stop, trying again in five minutes: .*AccessDeniedException/);
  });
});

describe("notebookStartScript", () => {
  const script = notebookStartScript(args);

  it("is valid Bash that holds valid Python", () => {
    execFileSync("bash", ["-n"], { input: script });
    const [, program = ""] = /<<'STOP_WHEN_IDLE'\n(.*)STOP_WHEN_IDLE\n/s.exec(script) ?? [];
    assert.equal(program, idleStopProgram(args));
    execFileSync("python3", ["-c", "import sys; compile(sys.stdin.read(), 'stop_when_idle.py', 'exec')"], {
      input: program,
    });
  });

  it("starts a systemd timer and nothing that takes time or the internet", () => {
    assert.match(script, /OnUnitActiveSec=5min/);
    assert.match(script, /systemctl enable --now stop-when-idle\.timer\n$/);
    assert.doesNotMatch(script, /crontab|pip install|wget|curl|yum|dnf/);
  });

  it("carries the configured minutes, name and region", () => {
    const other = notebookStartScript({ ...args, idleStopMinutes: 15, region: "us-east-1" });

    assert.match(other, /^IDLE_SECONDS = 900$/m);
    assert.match(other, /^REGION = "us-east-1"$/m);
    assert.match(other, /^NOTEBOOK = "sagemaker-ops-dev-notebook"$/m);
  });
});

describe("lifecycleContent", () => {
  it("encodes the start script within the limit of AWS", () => {
    const content = lifecycleContent(notebookStartScript(args));

    assert.equal(Buffer.from(content, "base64").toString("utf8"), notebookStartScript(args));
    assert.ok(content.length <= 16_384);
  });

  it("refuses a script that AWS would refuse", () => {
    assert.equal(lifecycleContent("x".repeat(12_288)).length, 16_384);
    assert.throws(() => lifecycleContent("x".repeat(12_289)), /16388 characters in base64; AWS allows 16384/);
  });
});
