import { spawnSync } from "node:child_process";

/** PyTorch takes no older one: https://pypi.org/project/torch/2.13.0/ "Requires: Python >=3.10". */
export const oldestPython = [3, 10] as const;

/** PyTorch has wheels up to this one; with a newer Python pip would find nothing to install. */
export const newestPython = [3, 14] as const;

export type FoundPython =
  | { readonly kind: "found"; readonly path: string; readonly version: string }
  | { readonly kind: "none"; readonly reason: string };

const commands = ["python3", "python3.13", "python3.12", "python3.11", "python3.10", "python3.14", "python"];

/** Prints the version, and whether an environment can be made: Debian keeps that in a package of its own. */
const probe =
  "import sys, importlib.util as u; print('%d.%d.%d' % sys.version_info[:3], bool(u.find_spec('ensurepip')))";

/** The first Python on PATH that an environment can be made with; of what is there and cannot, the reason says why. */
export function findPython(env: NodeJS.ProcessEnv): FoundPython {
  const reasons: string[] = [];
  for (const path of commands) {
    const { status, stdout } = spawnSync(path, ["-c", probe], { env, encoding: "utf8", timeout: 30_000 });
    const found = status === 0 ? /^(\d+)\.(\d+)\.\d+ (True|False)/.exec(stdout) : null;
    if (found === null) continue;
    const [text, major, minor, ensurepip] = found;
    const version = text.split(" ")[0] ?? "";
    if (!isTaken([Number(major), Number(minor)])) reasons.push(`${path} is ${version}`);
    else if (ensurepip === "False")
      reasons.push(
        `${path} (${version}) has no ensurepip: install python3-venv, or your system's package of it`,
      );
    else return { kind: "found", path, version };
  }
  const range = `Python ${oldestPython.join(".")} to ${newestPython.join(".")}`;
  return {
    kind: "none",
    reason: `there is no ${range} on PATH${reasons.length === 0 ? "" : ` (${reasons.join("; ")})`}`,
  };
}

/** Whether a version, as major and minor number, is one that the locked packages are made for. */
export function isTaken([major, minor]: readonly [number, number]): boolean {
  return major === 3 && minor >= oldestPython[1] && minor <= newestPython[1];
}
