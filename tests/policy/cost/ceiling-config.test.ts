import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { CEILING_DEFAULTS, readCeilingConfig } from "../../../policy/cost/ceiling-config";

describe("readCeilingConfig", () => {
  it("keeps the defaults of what is not said, below the top level too", () => {
    const { config, problems } = readCeilingConfig({ hourlyUsd: { hosting: 0 } }, CEILING_DEFAULTS);

    assert.deepEqual(problems, []);
    assert.deepEqual(config, {
      ...CEILING_DEFAULTS,
      hourlyUsd: { ...CEILING_DEFAULTS.hourlyUsd, hosting: 0 },
    });
  });

  const rows: readonly [unknown, readonly string[]][] = [
    [undefined, []],
    [{}, []],
    [{ hourlyUsd: { hosting: "1" } }, ["hourlyUsd.hosting is not a number of zero or more"]],
    [{ hourlyUsd: { hosting: -1 } }, ["hourlyUsd.hosting is not a number of zero or more"]],
    [
      { hourlyUsd: { hosting: Number.POSITIVE_INFINITY } },
      ["hourlyUsd.hosting is not a number of zero or more"],
    ],
    [{ hourlyUsd: 3 }, ["hourlyUsd is no object of a number per use"]],
    [{ hourlyUsd: { trainig: 1 } }, ["hourlyUsd.trainig is not known; did you mean hourlyUsd.training?"]],
    [{ hourlyusd: {} }, ["hourlyusd is not known; did you mean hourlyUsd?"]],
    [{ something: 1 }, ["something is not known; there are hourlyUsd, unpriced, region"]],
    [{ unpriced: "refuse" }, ["unpriced is none of deny, estimate, allow"]],
    [{ region: 1 }, ["region is no region's name"]],
  ];
  for (const [value, expected] of rows) {
    it(`finds ${expected.length === 0 ? "nothing wrong" : expected[0]} in ${JSON.stringify(value) ?? "nothing"}`, () => {
      const { config, problems } = readCeilingConfig(value, CEILING_DEFAULTS);

      assert.deepEqual(problems, expected);
      assert.deepEqual(config, CEILING_DEFAULTS);
    });
  }
});
