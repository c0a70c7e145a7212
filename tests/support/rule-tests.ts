import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import Mocha from "mocha";
import type { Rule } from "../../policy/rule";

const root = resolve(__dirname, "../..");

/** The file of a rule's own tests. */
export function testFileOf({ id }: Pick<Rule, "id">): string {
  const [group = "", ...rest] = id.split("-");
  return join(root, "tests/policy", group, `${rest.join("-")}.test.ts`);
}

/** Runs a rule's own tests in this process, by default up to the first that fails; its title, or `undefined` where all pass. */
export async function firstFailure(rule: Pick<Rule, "id">, bail = true): Promise<string | undefined> {
  const file = testFileOf(rule);
  if (!existsSync(file)) return `there is no ${relative(root, file)}`;

  delete require.cache[file];
  const mocha = new Mocha({ ui: "bdd", bail, timeout: 60_000, reporter: Silent }).addFile(file);
  await mocha.loadFilesAsync();
  let failed: string | undefined;
  let ran = 0;
  await new Promise<void>((done) => {
    mocha
      .run(() => done())
      .on("test", () => {
        ran++;
      })
      .on("fail", (test) => {
        failed ??= test.fullTitle();
      });
  });
  mocha.dispose();
  if (ran === 0) throw new Error(`${relative(root, file)} has no tests, or they were not loaded again`);
  return failed;
}

/** Prints nothing. */
class Silent extends Mocha.reporters.Base {}
