import assert from "node:assert/strict";
import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import {
  bootIdFile,
  boxSettings,
  boxSettingsKey,
  runTrainingScript,
  trainOnBoxScript,
} from "../../infra/rules/box-scripts";
import { tar } from "../../infra/rules/tar";

const trainingFolder = join(__dirname, "../../training");
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
        idleShutdownMinutes: 45,
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
        idleShutdownMinutes: 45,
      },
    );
  });
});

describe("trainOnBoxScript", () => {
  /** Run with stand-ins for `id` and `systemd-run`, which tells its arguments one by line. */
  function start(userId: number, ...given: string[]) {
    const bin = temporaryFolder();
    const put = (name: string, says: string) => {
      writeFileSync(join(bin, name), `#!/bin/sh\n${says}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    put("id", `echo ${userId}`);
    put("systemd-run", `printf '%s\\n' "$@" >> ${join(bin, "asked")}`);
    const { status, stdout, stderr } = spawnSync(
      "bash",
      ["--norc", "-c", trainOnBoxScript, "train-on-box", ...given],
      {
        env: { PATH: `${bin}:/usr/bin:/bin` },
        encoding: "utf8",
      },
    );
    const asked = join(bin, "asked");
    return {
      status,
      stdout,
      stderr,
      asked: existsSync(asked) ? readFileSync(asked, "utf8").trimEnd().split("\n") : [],
    };
  }
  const unit = (stayOn: string) => [
    "--quiet",
    "--collect",
    "--unit=training",
    "--uid=trainer",
    "--gid=trainer",
    "--property=TimeoutStopSec=110",
    `--setenv=STAY_ON=${stayOn}`,
    "/usr/local/lib/sagemaker-ops/run-training",
  ];

  it("leaves training, with its arguments as they are, to a service that shuts the box down when done", () => {
    const { status, stdout, asked } = start(0, "--epochs", "7", "--data", "two words");

    assert.equal(status, 0);
    assert.deepEqual(asked, [...unit("no"), "--epochs", "7", "--data", "two words"]);
    assert.match(stdout, /^The box shuts down when it is done and nobody is logged in\.$/m);
  });

  it("takes --stay-on for itself, with and without arguments of the training program", () => {
    const { stdout, asked } = start(0, "--stay-on", "--epochs", "7");

    assert.deepEqual(asked, [...unit("yes"), "--epochs", "7"]);
    assert.doesNotMatch(stdout, /shuts down/);
    assert.deepEqual(start(0, "--stay-on").asked, unit("yes"));
    assert.deepEqual(start(0).asked, unit("no"));
  });

  it("starts nothing for anyone but root, and says what to do", () => {
    const { status, stderr, asked } = start(1000, "--epochs", "7");

    assert.equal(status, 1);
    assert.match(stderr, /run it with sudo/);
    assert.deepEqual(asked, []);
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
    const packing = ["__init__", "archive", "errors", "stored_gzip"].map((name) => `breeds/${name}.py`);
    const archive = tar([
      { path: "train.py", content: Buffer.from(program) },
      { path: "requirements.txt", content: Buffer.from("") },
      ...packing.map((path) => ({ path, content: readFileSync(join(trainingFolder, path)) })),
    ]);
    const digest = createHash("sha256").update(archive).digest("hex");
    const settings = boxSettings({
      region: "us-east-1",
      codeDigest: digest,
      dataBucketName: "data",
      outputBucketName: "output",
      prefix: "dogImages/",
      pretrainedPrefix: "pretrained/",
      idleShutdownMinutes: 30,
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
if "/output/box/" in target and os.path.exists(${JSON.stringify(join(root, "upload-fails"))}):
    sys.exit(1)
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
      .replaceAll(bootIdFile, join(root, "boot_id"))
      .replaceAll("/opt/sagemaker-ops", base)
      .replace('export PATH="', `export PATH="${bin}:`);
    execFileSync("bash", ["-n"], { input: script });
    put(join(root, "run-training"), script, 0o755);
    put(join(root, "boot_id"), "a-boot\n");
    return { root, base, s3, digest, run: join(root, "run-training"), mark: join(base, "finished") };
  }

  const succeeding = `import hashlib, json, os, sys
arguments = dict(zip(sys.argv[1::2], sys.argv[2::2]))
assert os.path.isfile(arguments["--data"] + "/train/001.Affenpinscher/a.jpg")
assert os.path.isfile(arguments["--pretrained"] + "/resnet50.safetensors")
assert open(arguments["--checkpoint_dir"] + "/old.pt").read() == "epoch 3"
weights = b"epochs " + arguments["--epochs"].encode()
listed = {"model.safetensors": {"sha256": hashlib.sha256(weights).hexdigest(), "bytes": len(weights)}}
with open(arguments["--model_dir"] + "/model.safetensors", "wb") as file:
    file.write(weights)
with open(arguments["--model_dir"] + "/manifest.json", "w") as file:
    json.dump({"format_version": 1, "files": listed}, file)
`;
  const sha256 = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");

  describe("a run that ends well", () => {
    let made: ReturnType<typeof box>;
    let told: SpawnSyncReturns<string>;
    let artifact: string;
    before(() => {
      made = box(succeeding);
      told = spawnSync(made.run, ["--epochs", "7"], { encoding: "utf8" });
      artifact = join(made.s3, "output/box", runName(), "output/model.tar.gz");
    });
    const runName = () => readdirSync(join(made.s3, "output/box"))[0] ?? "";

    it("has trained on the deployed code and uploaded the artifact as a job does", () => {
      const { base, digest } = made;
      const { status, stdout, stderr } = told;

      assert.equal(status, 0, stdout + stderr);
      assert.deepEqual(readdirSync(join(base, "code")), [digest]);
      assert.match(runName(), /^\d{8}T\d{6}Z$/);
      assert.equal(
        execFileSync("tar", ["-xzOf", artifact, "model.safetensors"], { encoding: "utf8" }),
        "epochs 7",
      );
      assert.match(stdout, new RegExp(`^Packed: sha256=${sha256(artifact)}$`, "m"));
      assert.match(stdout, new RegExp(`^Done: s3://output/box/${runName()}/output/model\\.tar\\.gz$`, "m"));
      assert.equal(readFileSync(join(base, "training.log"), "utf8"), stdout);
    });

    it("has packed the same bytes as the package does anywhere else, whatever the files' times", () => {
      const model = join(made.root, "copy");
      cpSync(join(made.base, "runs", runName(), "model"), model, { recursive: true });
      for (const name of readdirSync(model)) utimesSync(join(model, name), 1, 1);
      const elsewhere = join(made.root, "elsewhere.tar.gz");
      const program =
        "import sys; from pathlib import Path; from breeds.archive import pack; pack(*map(Path, sys.argv[1:]))";

      execFileSync("python3", ["-B", "-c", program, model, elsewhere], { cwd: trainingFolder });
      assert.equal(sha256(artifact), sha256(elsewhere));
    });

    it("has marked its end for the shutdown, in this boot alone", () => {
      assert.equal(readFileSync(made.mark, "utf8"), "a-boot\n");
      assert.match(
        told.stdout,
        /^Done: .*\nThe box shuts down within a few minutes, unless somebody is logged in\.\n$/m,
      );
    });

    it("has no checkpoints any more, so that the next one starts anew", () => {
      assert.deepEqual(readdirSync(join(made.base, "checkpoints")), []);
      assert.deepEqual(readdirSync(join(made.s3, "output/checkpoints/box")), []);
    });
  });

  const unmarked: Readonly<
    Record<string, () => { made: ReturnType<typeof box>; env?: Record<string, string> }>
  > = {
    "is asked to let the box stay on": () => ({ made: box(succeeding), env: { STAY_ON: "yes" } }),
    "has failed": () => ({ made: box("raise SystemExit(1)") }),
    "has made an artifact that its manifest does not describe": () => ({
      made: box(`${succeeding}open(arguments["--model_dir"] + "/unlisted", "w").close()\n`),
    }),
    "cannot upload its artifact": () => {
      const made = box(succeeding);
      writeFileSync(join(made.root, "upload-fails"), "");
      return { made };
    },
  };
  for (const [what, make] of Object.entries(unmarked)) {
    it(`leaves the box on, also where an earlier one was done, when it ${what}`, () => {
      const { made, env = {} } = make();
      writeFileSync(made.mark, "a-boot\n");

      const { status } = spawnSync(made.run, ["--epochs", "7"], { env: { ...process.env, ...env } });
      const uploaded = "STAY_ON" in env;
      assert.equal(status === 0, uploaded);
      assert.equal(existsSync(made.mark), false);
      assert.equal(existsSync(join(made.s3, "output/box")), uploaded);
      // What is not uploaded is continued.
      assert.deepEqual(readdirSync(join(made.s3, "output/checkpoints/box")), uploaded ? [] : ["old.pt"]);
    });
  }

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
    const { s3, root, run, mark } = box(`import signal, sys, time
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
    assert.equal(existsSync(mark), false);
  });
});
