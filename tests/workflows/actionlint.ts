import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { buildOnce } from "../engine/cli/build-once";

const version = "1.7.12";

export type Actionlint =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "none"; readonly reason: string };

/** Builds actionlint from its Go module once, and keeps it in the user's cache, outside the clone. */
export async function actionlint(env: NodeJS.ProcessEnv): Promise<Actionlint> {
  const cache = env.XDG_CACHE_HOME ?? join(homedir(), ".cache");
  const folder = join(cache, "sagemaker-ops", `actionlint-${version}-${process.platform}-${process.arch}`);
  const path = join(folder, "actionlint");
  if (existsSync(path)) return { kind: "found", path };
  if (spawnSync("go", ["version"], { env }).status !== 0)
    return { kind: "none", reason: "there is no Go to build it" };
  try {
    await buildOnce({ folder, build: (into) => install(into, env) });
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { kind: "none", reason: `it could not be built: ${said.replaceAll(/\s+/g, " ")}` };
  }
  return { kind: "found", path };
}

async function install(into: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { status, stderr } = spawnSync(
    "go",
    ["install", `github.com/rhysd/actionlint/cmd/actionlint@v${version}`],
    {
      env: { ...env, GOBIN: into, CGO_ENABLED: "0", GOFLAGS: "-buildvcs=false" },
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(`go install ended with status ${status}: ${stderr.slice(-1000)}`);
}
