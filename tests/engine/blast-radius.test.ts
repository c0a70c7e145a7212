import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../cli/core/project-root";
import { editsOfAllKeys, leftOut } from "./blast-radius/edits";
import { configurationKeys } from "./blast-radius/keys";
import { flatOf } from "./blast-radius/samples";
import { blastRadiusPage, type Row } from "./blast-radius/table";
import { type Deployment, deploy } from "./blast-radius/what-changes";

/**
 * Protects: that nobody changes what a key of the configuration touches without seeing it, and that no key at all replaces or deletes an
 * endpoint, a bucket or a key of production.
 *
 * Does not prove what AWS takes, nor what the engine makes of the provider's answers: `changes.test.ts` has the same rows on the engine.
 */
describe("what a change of the configuration touches", () => {
  const rows: Row[] = [];
  const protectedTypes = /^aws:(sagemaker\/endpoint:|s3\/bucket:|kms\/key:)/;
  const violations: string[] = [];

  before(async function () {
    this.timeout(10 * 60_000);
    const deployed = new Map<string, Promise<Deployment>>();
    for (const edit of editsOfAllKeys()) {
      const base = JSON.stringify(edit.before);
      if (!deployed.has(base)) deployed.set(base, firstDeployment(edit.path, flatOf(edit.before)));
      const former = (await deployed.get(base)) ?? new Map();
      const { changes, deployment } = await deploy("prod", flatOf(edit.after), former);
      rows.push({ edit, changes, of: former.size });
      for (const [urn, { type, id, name }] of former) {
        if (!protectedTypes.test(type) || changes.refused.length > 0) continue;
        if (deployment.get(urn)?.id !== id) violations.push(`${edit.path}: ${name}`);
      }
    }
  });

  it("is known for each key of the schema", () => {
    const keys = configurationKeys().map(({ path }) => path);

    assert.ok(keys.length > 200, `only ${keys.length} keys were found`);
    assert.deepEqual(
      keys.filter((key) => !rows.some(({ edit }) => edit.path === key)),
      leftOut,
    );
  });

  it("never includes a new endpoint, bucket or key in production", () => {
    assert.deepEqual(violations, []);
  });

  it("is as docs/blast-radius.md says", () => {
    const file = join(projectRoot, "docs/blast-radius.md");
    const page = blastRadiusPage(rows);
    if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, page);

    assert.ok(existsSync(file), `${file} is missing; write it with UPDATE_GOLDEN=1`);
    assert.equal(
      page,
      readFileSync(file, "utf8"),
      "if the change is meant: UPDATE_GOLDEN=1, and review the diff",
    );
  });
});

async function firstDeployment(path: string, config: Readonly<Record<string, string>>): Promise<Deployment> {
  const { deployment, changes } = await deploy("prod", config);
  if (changes.refused.length > 0)
    throw new Error(`The stack for ${path} cannot be made: ${changes.refused.join("\n")}`);
  return deployment;
}
