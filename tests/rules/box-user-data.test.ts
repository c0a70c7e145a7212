import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runTrainingScript, trainOnBoxScript } from "../../infra/rules/box-scripts";
import { boxUserData } from "../../infra/rules/box-user-data";
import { idleShutdownProgram } from "../../infra/rules/idle-shutdown";

const args = { region: "us-east-1", outputBucketName: "output", idleShutdownMinutes: 30 };

describe("boxUserData", () => {
  const script = boxUserData(args);

  it("is valid Bash that installs the scripts word for word", () => {
    execFileSync("bash", ["-n"], { input: script });
    for (const installed of [
      trainOnBoxScript,
      runTrainingScript("s3://output/code/box.json", "us-east-1"),
      idleShutdownProgram({ idleMinutes: 30, settingsUri: "s3://output/code/box.json" }),
    ]) {
      assert.ok(script.includes(installed));
    }
    assert.match(script, /systemctl enable --now shutdown-when-idle\.timer\n$/);
  });

  it("writes each script where the next one looks for it, when it runs", () => {
    const root = mkdtempSync(join(tmpdir(), "box-user-data-"));
    after(() => rmSync(root, { recursive: true }));
    const bin = join(root, "bin");
    mkdirSync(bin);
    // What only root may do is told instead of done.
    for (const name of ["useradd", "systemctl", "install"]) {
      writeFileSync(join(bin, name), `#!/bin/sh\necho ${name} "$@"\n`);
      chmodSync(join(bin, name), 0o755);
    }
    writeFileSync(join(bin, "id"), "#!/bin/sh\nexit 1\n");
    chmodSync(join(bin, "id"), 0o755);
    const places = ["usr/local/bin", "usr/local/lib/sagemaker-ops", "etc/systemd/system"];
    for (const place of places) mkdirSync(join(root, place), { recursive: true });
    const moved = script.replaceAll(
      /(?<=> |chmod 755 | )\/(?=(?:usr\/local\/(?:bin|lib\/sagemaker-ops)|etc\/systemd\/system)\/[\w.-]+(?: |$))/gm,
      `${root}/`,
    );

    const told = execFileSync("bash", ["--norc", "-c", moved], {
      env: { PATH: `${bin}:/usr/bin:/bin` },
      encoding: "utf8",
    });
    const read = (path: string) => readFileSync(join(root, path), "utf8").replaceAll(`${root}/`, "/");
    const settingsUri = "s3://output/code/box.json";
    assert.deepEqual(told.trimEnd().split("\n"), [
      "useradd --system --home-dir /opt/sagemaker-ops --shell /usr/sbin/nologin trainer",
      "install -d -m 755 /usr/local/lib/sagemaker-ops",
      "install -d -m 750 -o trainer -g trainer /opt/sagemaker-ops /opt/sagemaker-ops/code /opt/sagemaker-ops/runs",
      "systemctl daemon-reload",
      "systemctl enable --now shutdown-when-idle.timer",
    ]);
    assert.equal(read("usr/local/bin/train-on-box"), trainOnBoxScript);
    assert.equal(
      read("usr/local/lib/sagemaker-ops/run-training"),
      runTrainingScript(settingsUri, "us-east-1"),
    );
    assert.equal(
      read("usr/local/lib/sagemaker-ops/shutdown_when_idle.py"),
      idleShutdownProgram({ idleMinutes: 30, settingsUri }),
    );
    for (const name of ["usr/local/bin/train-on-box", "usr/local/lib/sagemaker-ops/run-training"])
      assert.equal(statSync(join(root, name)).mode & 0o777, 0o755);
    assert.deepEqual(readdirSync(join(root, "etc/systemd/system")).sort(), [
      "shutdown-when-idle.service",
      "shutdown-when-idle.timer",
    ]);
    assert.match(
      read("etc/systemd/system/shutdown-when-idle.service"),
      /^Environment=AWS_DEFAULT_REGION=us-east-1$/m,
    );
  });

  it("needs no network and names no version of the code, so that new code leaves the instance alone", () => {
    const [beforeScripts = ""] = script.split("cat > /usr/local/bin/train-on-box");
    const afterScripts = script.slice(script.lastIndexOf("SHUTDOWN_WHEN_IDLE\n"));
    for (const part of [beforeScripts, afterScripts])
      assert.doesNotMatch(part, /\b(?:aws|curl|apt|apt-get|pip|wget)\b/);
    assert.doesNotMatch(script, /[0-9a-f]{64}/);
  });

  it("stays below what EC2 takes, and refuses more", () => {
    assert.ok(Buffer.byteLength(script) <= 16_384);
    assert.throws(() => boxUserData({ ...args, outputBucketName: "x".repeat(17_000) }), /EC2 takes 16384/);
  });
});
