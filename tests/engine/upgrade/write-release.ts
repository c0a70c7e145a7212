import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../../cli/core/project-root";
import { pulumiCli } from "../cli/pulumi-cli";
import { EngineStack } from "../support/engine-stack";
import { everythingDue } from "../support/settings";
import { keepRelease } from "./release";

/** Deploys production as it is now to a simulated account, and keeps state, settings and account under package.json's version. */
async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(projectRoot, "package.json"), "utf8")) as {
    version: string;
  };
  const cli = await pulumiCli();
  if (cli.kind === "none") throw new Error(`A release needs the engine: ${cli.reason}.`);
  const stack = await EngineStack.ofProject(cli.path, "prod", everythingDue);
  try {
    const up = await stack.up();
    if (up.status !== 0) throw new Error(`The stack was not deployed: ${up.errors.join("\n")}`);
    const exported = await stack.pulumi(["stack", "export", "--stack", "prod"]);
    const stackFile = readFileSync(stack.path("Pulumi.prod.yaml"), "utf8").replace(
      /^(?:secretsprovider|encryptedkey):.*\n/gm,
      "",
    );
    const { folder } = keepRelease(version, exported.stdout, stackFile, stack.account());
    process.stdout.write(`${folder}\n`);
  } finally {
    stack.remove();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
