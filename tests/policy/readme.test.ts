import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, it } from "mocha";
import { checkPolicyConfig } from "../../cli/core/policy/check-config";
import { rules } from "../../policy/rules";

const README = readFileSync(join(resolve(__dirname, "../../policy"), "README.md"), "utf8");

describe("the pack's README", () => {
  it("shows a configuration that is sound", () => {
    const shown = JSON.parse(/```json\n(.*?)```/s.exec(README)?.[1] ?? "null");

    assert.deepEqual(checkPolicyConfig(shown, "2026-11-01"), { errors: [], ended: [], warnings: [] });
  });

  it("names every rule once, in its list", () => {
    const list = /<!-- rules -->(.*)<!-- \/rules -->/s.exec(README)?.[1] ?? "";

    const named = [...list.matchAll(/`([a-z0-9-]+)`/g)].map(([, id]) => id);
    assert.deepEqual(named.sort(), rules.map(({ id }) => id).sort());
  });
});
