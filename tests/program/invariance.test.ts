import assert from "node:assert/strict";
import { type Raw, rawStack } from "../support/raw-config";
import { type CliResult, runCli } from "../support/run-cli";
import { withStackFile } from "../support/stack-file";

const digest = "0123456789abcdef".repeat(4);

/** Another order of the keys on every level; lists keep theirs, as it may mean something. */
function reordered(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, order));
  if (typeof value !== "object" || value === null) return value;
  const section = value as Raw;
  return Object.fromEntries(order(Object.keys(section)).map((key) => [key, reordered(section[key], order)]));
}

const backwards = (keys: string[]) => keys.toReversed();
/** By the last letter, which is neither the order of the file nor that of the alphabet. */
const byLastLetter = (keys: string[]) =>
  keys.toSorted((a, b) => ((a.at(-1) ?? "") < (b.at(-1) ?? "") ? -1 : 1) || a.length - b.length);

const turkish = { LANG: "tr_TR.UTF-8", LC_ALL: "tr_TR.UTF-8" };

function planJson(configFile: string, env: Record<string, string> = {}, due = false): Promise<CliResult> {
  const args = ["plan", "--json", "--stack", "test", "--config-file", configFile, ...(due ? ["--due"] : [])];
  return runCli(args, { TZ: "UTC", LANG: "C.UTF-8", LC_ALL: "C.UTF-8", ...env });
}

/** Two at a time: each is a process of its own. */
async function assertSamePlan(
  sections: Raw,
  variants: readonly {
    readonly sections: Raw;
    readonly env?: Record<string, string>;
    readonly due?: boolean;
  }[],
  due = false,
): Promise<void> {
  const planned = (one: Raw, env?: Record<string, string>) =>
    withStackFile(one, (configFile) => planJson(configFile, env, due));
  const first = await planned(sections);
  assert.equal(first.stderr, "");
  assert.equal(first.status, 0);
  assert.ok((JSON.parse(first.stdout) as { resources: unknown[] }).resources.length > 50);

  for (let start = 0; start < variants.length; start += 2) {
    const pair = variants.slice(start, start + 2);
    for (const result of await Promise.all(pair.map(({ sections, env }) => planned(sections, env)))) {
      assert.equal(result.status, 0, result.stderr);
      assert.ok(result.stdout === first.stdout, firstDifference(first.stdout, result.stdout));
    }
  }
}

function firstDifference(expected: string, actual: string): string {
  const [left, right] = [expected.split("\n"), actual.split("\n")];
  const line = left.findIndex((text, index) => text !== right[index]);
  return `line ${line + 1}: ${left[line]} became ${right[line]}`;
}

/** `plan --json` in processes of its own; the golden files hold what it says, this that nothing around it has a say. */
describe("the plan of one configuration", () => {
  const dev = rawStack("dev");
  const prod = rawStack("prod");

  it("is the same to the byte when it is made again", () => assertSamePlan(dev, [{ sections: dev }])).timeout(
    120_000,
  );

  it("does not depend on the order of the keys", () =>
    assertSamePlan(dev, [
      { sections: reordered(dev, backwards) as Raw },
      { sections: reordered(dev, byLastLetter) as Raw },
    ])).timeout(120_000);

  it("does not depend on the time zone or the locale", () =>
    assertSamePlan(dev, [
      { sections: dev, env: { ...turkish, TZ: "Asia/Tokyo" } },
      { sections: dev, env: { TZ: "America/St_Johns" } },
    ])).timeout(120_000);

  it("does not depend on any of them in a hardened stack", () =>
    assertSamePlan(prod, [
      { sections: reordered(prod, backwards) as Raw, env: { ...turkish, TZ: "America/St_Johns" } },
      { sections: reordered(prod, byLastLetter) as Raw, env: { TZ: "Asia/Tokyo" } },
    ])).timeout(120_000);

  it("does not depend on any of them for what is due alone, with data and a model", () => {
    const staging = rawStack("staging");
    const sections: Raw = {
      ...staging,
      storage: { ...(staging.storage as Raw), data: { manifestDigest: digest } },
      models: { breeds: { classes: 133, digest } },
    };

    return assertSamePlan(
      sections,
      [{ sections: reordered(sections, backwards) as Raw, env: { ...turkish, TZ: "Asia/Tokyo" } }],
      true,
    );
  }).timeout(120_000);
});
