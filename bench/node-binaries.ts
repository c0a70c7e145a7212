import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface NodeBinary {
  readonly path: string;
  readonly version: string;
}

/** The versions that Lambda runs today. */
const majors = ["22", "24"];

/**
 * Node binaries to measure: those of BENCH_NODES (paths, by commas), else Node 22 and 24 from npm, kept in a folder for temporary
 * files, else the one that runs this. Says which.
 */
export function nodeBinaries(): readonly NodeBinary[] {
  const named = process.env.BENCH_NODES?.split(",").filter((path) => path !== "");
  return (named ?? fromNpm()).map((path) => ({
    path,
    version: execFileSync(path, ["--version"], { encoding: "utf8" }).trim(),
  }));
}

function fromNpm(): readonly string[] {
  const name = `node-${process.platform}-${process.arch}`;
  try {
    return majors.map((major) => {
      const folder = join(tmpdir(), "sagemaker-ops-bench-node", major);
      const binary = join(folder, "node_modules", name, "bin/node");
      if (!existsSync(binary)) {
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "package.json"), '{ "private": true }');
        execFileSync("npm", ["install", "--no-audit", "--no-fund", `${name}@${major}`], {
          cwd: folder,
          stdio: ["ignore", "ignore", "pipe"],
        });
      }
      return binary;
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    console.error(
      `Node ${majors.join(" and ")} are not to be had from npm (${reason}); measuring ${process.version}.`,
    );
    return [process.execPath];
  }
}
