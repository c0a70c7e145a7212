import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The newest version that the public Go module proxy serves. */
export const builtVersion = "3.259.0";

const command = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi";

/** Pulumi's own go.mod replaces the clipboard package, and a replacement does not pass on to who requires the module. */
const goMod = `module engine-cli

go 1.25.11

require github.com/pulumi/pulumi/pkg/v3 v${builtVersion}

replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e
`;

const tools = `//go:build tools

package tools

import _ "${command}"
`;

const flags = [
  "-trimpath",
  "-tags",
  "osusergo,grpcnotrace",
  "-ldflags",
  `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${builtVersion}`,
];

/** Changes with everything that the executable is made from. */
export const buildKey = createHash("sha256")
  .update(JSON.stringify([goMod, tools, flags, process.platform, process.arch]))
  .digest("hex")
  .slice(0, 12);

/**
 * Builds the CLI from the public Go module as `pulumi` in this folder: about five minutes on two cores.
 *
 * @param tell gets one line for each step.
 * @throws Error with the end of what Go said.
 */
export async function buildPulumi(into: string, tell: (line: string) => void): Promise<void> {
  const source = join(into, "source");
  mkdirSync(source);
  writeFileSync(join(source, "go.mod"), goMod);
  writeFileSync(join(source, "tools.go"), tools);
  tell(`building the Pulumi CLI ${builtVersion} from its Go module, once (about five minutes on two cores)`);
  tell("1 of 2: fetching the modules");
  await go(source, ["mod", "tidy"]);
  tell("2 of 2: compiling");
  await go(source, ["build", "-mod=mod", ...flags, "-o", join(into, "pulumi"), command]);
  rmSync(source, { recursive: true });
}

/** Go's compilers are many processes; the tests of the others go first. */
function go(cwd: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false", GOTOOLCHAIN: "local" };
    const child = spawn("nice", ["-n", "10", "go", ...args], {
      cwd,
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      said = (said + chunk).slice(-2000);
    });
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`go ${args[0]} ended with status ${status}: ${said.trim()}`));
    });
  });
}
