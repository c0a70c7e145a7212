import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Raw } from "./raw-config";
import { project } from "./run-environment";

/** Runs `body` with the path of a stack's file that has these sections; the file is gone afterwards. */
export async function withStackFile<T>(sections: Raw, body: (path: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "stack-file-"));
  const path = join(folder, "Pulumi.test.yaml");
  const config = Object.fromEntries([
    ["pulumi:disable-default-providers", ["aws"]],
    ...Object.entries(sections).map(([key, value]) => [
      key === "region" ? "aws:region" : `${project}:${key}`,
      value,
    ]),
  ]);
  try {
    // YAML is a superset of JSON.
    writeFileSync(path, JSON.stringify({ config }));
    return await body(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
