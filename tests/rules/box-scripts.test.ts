import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  boxSettings,
  boxSettingsKey,
  runTrainingScript,
  trainOnBoxScript,
} from "../../infra/rules/box-scripts";
import { tar } from "../../infra/rules/tar";

const folders: string[] = [];
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "box-"));
  folders.push(folder);
  return folder;
}
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

describe("boxSettings", () => {
  it("names every place by its S3 URI", () => {
    assert.equal(boxSettingsKey, "code/box.json");
    assert.deepEqual(
      boxSettings({
        region: "us-east-1",
        codeDigest: "d",
        dataBucketName: "data",
        outputBucketName: "output",
        prefix: "dogImages/",
        pretrainedPrefix: "pretrained/",
      }),
      {
        region: "us-east-1",
        codeDigest: "d",
        program: "train.py",
        dataUri: "s3://data/dogImages/",
        pretrainedUri: "s3://data/pretrained/",
        codeUri: "s3://output/code/",
        resultsUri: "s3://output/box/",
        checkpointsUri: "s3://output/checkpoints/box/",
      },
    );
  });
});

describe("trainOnBoxScript", () => {
  it("is valid Bash that leaves training to a service", () => {
    execFileSync("bash", ["-n"], { input: trainOnBoxScript });
    assert.match(trainOnBoxScript, /systemd-run .*--unit=training/);
  });
});

describe("runTrainingScript", () => {
  /** A pretended box: S3 is a folder, the environment's Python is a stand-in that runs `train.py` for real. */
  function box(program: string, { tampered = false, installs = true } = {}) {
    const root = temporaryFolder();
    const [base, bin, s3] = [join(root, "base"), join(root, "bin"), join(root, "s3")];
    const put = (path: string, content: string | Buffer, mode = 0o644) => {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      chmodSync(path, mode);
    };
    const archive = tar([
      { path: "train.py", content: Buffer.from(program) },
      { path: "requirements.txt", content: Buffer.from("") },
    ]);
    const digest = createHash("sha256").update(archive).digest("hex");
    const settings = boxSettings({
      region: "us-east-1",
      codeDigest: digest,
      dataBucketName: "data",
      outputBucketName: "output",
      prefix: "dogImages/",
      pretrainedPrefix: "pretrained/",
    });
    put(join(s3, "output/code/box.json"), JSON.stringify(settings));
    put(
      join(s3, `output/code/${digest}/sourcedir.tar.gz`),
      gzipSync(tampered ? Buffer.concat([archive, Buffer.alloc(512)]) : archive),
    );
    put(join(s3, "data/dogImages/train/001.Affenpinscher/a.jpg"), "jpg");
    put(join(s3, "data/pretrained/resnet50.safetensors"), "weights");
    put(join(s3, "output/checkpoints/box/old.pt"), "epoch 3");
    put(
      join(bin, "aws"),
      `#!/usr/bin/env python3
import os, shutil, sys
options = [a for a in sys.argv[1:] if a.startswith("--")]
_, verb, source, target = [a for a in sys.argv[1:] if not a.startswith("--")]
local = lambda uri: uri.replace("s3://", ${JSON.stringify(`${s3}/`)})
source, target = local(source), local(target)
if verb == "cp":
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy(source, target)
else:
    if "--delete" in options and os.path.isdir(target):
        shutil.rmtree(target)
    if os.path.isdir(source):
        shutil.copytree(source, target, dirs_exist_ok=True)
`,
      0o755,
    );
    put(
      join(base, "venv/bin/python"),
      `#!/bin/bash\nif [[ "$1" == -m ]]; then echo "pip $*"; exit ${installs ? 0 : 1}; fi\nexec python3 "$@"\n`,
      0o755,
    );
    mkdirSync(join(base, "code"));
    const script = runTrainingScript("s3://output/code/box.json", "us-east-1")
      .replaceAll("/opt/sagemaker-ops", base)
      .replace('export PATH="', `export PATH="${bin}:`);
    execFileSync("bash", ["-n"], { input: script });
    put(join(root, "run-training"), script, 0o755);
    return { root, base, s3, digest, run: join(root, "run-training") };
  }

  const succeeding = `import json, os, sys
arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
assert os.path.isfile(arguments["--data"] + "/train/001.Affenpinscher/a.jpg")
assert os.path.isfile(arguments["--pretrained"] + "/resnet50.safetensors")
assert open(arguments["--checkpoint_dir"] + "/old.pt").read() == "epoch 3"
with open(arguments["--model_dir"] + "/model.safetensors", "w") as file:
    file.write("epochs " + arguments["--epochs"])
`;

  it("trains on the deployed code and uploads the artifact as a job does", () => {
    const { base, s3, run, digest } = box(succeeding);

    const { status, stdout, stderr } = spawnSync(run, ["--epochs", "7"], { encoding: "utf8" });
    assert.equal(status, 0, stdout + stderr);
    assert.deepEqual(readdirSync(join(base, "code")), [digest]);
    const [name = ""] = readdirSync(join(s3, "output/box"));
    assert.match(name, /^\d{8}T\d{6}Z$/);
    const artifact = join(s3, "output/box", name, "output/model.tar.gz");
    assert.equal(
      execFileSync("tar", ["-xzOf", artifact, "./model.safetensors"], { encoding: "utf8" }),
      "epochs 7",
    );
    assert.match(stdout, new RegExp(`Done: s3://output/box/${name}/output/model\\.tar\\.gz`));
    assert.equal(readFileSync(join(base, "training.log"), "utf8"), stdout);
  });

  it("forgets the checkpoints of a finished run, so that the next one starts anew", () => {
    const { s3, base, run } = box(succeeding);

    spawnSync(run, ["--epochs", "7"]);
    assert.deepEqual(readdirSync(join(base, "checkpoints")), []);
    assert.deepEqual(readdirSync(join(s3, "output/checkpoints/box")), []);
  });

  it("starts nothing when the code in S3 is not the deployed one", () => {
    const { run, s3 } = box(succeeding, { tampered: true });

    const { status, stdout } = spawnSync(run, [], { encoding: "utf8" });
    assert.equal(status, 1);
    assert.match(stdout, /The code in S3 is not what was deployed/);
    assert.equal(existsSync(join(s3, "output/box")), false);
  });

  it("says what to do when a package cannot be installed", () => {
    const { status, stdout } = spawnSync(box(succeeding, { installs: false }).run, [], { encoding: "utf8" });

    assert.equal(status, 1);
    assert.match(stdout, /Without internet, choose a Deep Learning AMI that brings them/);
  });

  it("keeps the checkpoint that a stopped run has saved, and fails", async () => {
    const { s3, root, run } = box(`import signal, sys, time
arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
def stop(number, frame):
    time.sleep(0.3)
    print("saved", flush=True)
    with open(arguments["--checkpoint_dir"] + "/new.pt", "w") as file:
        file.write("epoch 4")
    sys.exit(143)
signal.signal(signal.SIGTERM, stop)
open(${JSON.stringify("READY")}, "w").close()
time.sleep(20)
`);
    const child = spawn(run, [], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (text) => {
      output += text;
    });
    const ended = new Promise((resolve) => child.on("close", resolve));
    const code = join(root, "base/code");
    const ready = () =>
      readdirSync(code).some((name) => !name.startsWith(".") && existsSync(join(code, name, "READY")));
    while (!ready()) await new Promise((resolve) => setTimeout(resolve, 20));

    // As systemd does: every process of the unit at once.
    process.kill(-(child.pid ?? 0), "SIGTERM");
    assert.equal(await ended, 143);
    assert.equal(readFileSync(join(s3, "output/checkpoints/box/new.pt"), "utf8"), "epoch 4");
    assert.match(output, /saved/);
  });
});
