import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
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
      idleShutdownProgram(30),
    ]) {
      assert.ok(script.includes(installed));
    }
    assert.match(script, /systemctl enable --now shutdown-when-idle\.timer\n$/);
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
