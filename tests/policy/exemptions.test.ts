import assert from "node:assert/strict";
import { resolve } from "node:path";
import fc from "fast-check";
import { after, before, describe, it } from "mocha";
import { applyExemptions, type Exemption, exempt, isDay } from "../../policy/exemptions";
import { advisory, type Finding, undecided, violation } from "../../policy/findings";
import { type RunningPack, startPack } from "../support/policy-pack-process";
import { urnOf } from "../support/stack-request";

const today = "2026-06-15";
const resource = { name: "data-bucket", urn: "urn:pulumi:dev::project::aws:s3/bucket:Bucket::data-bucket" };
const found: readonly Finding[] = [violation("It is open."), undecided("policy"), advisory("It is old.")];

function under(...exemptions: readonly Partial<Exemption>[]): readonly Finding[] {
  return applyExemptions(
    found,
    resource,
    exemptions.map((exemption) => ({
      resource: "data-bucket",
      reason: "Agreed in review",
      until: today,
      ...exemption,
    })),
    today,
  );
}

const [violated] = found;

describe("an exemption", () => {
  it("makes a violation something that is told, with reason and end, up to and on its last day", () => {
    for (const until of [today, "2026-06-16", "2030-01-01"]) {
      assert.deepEqual(under({ until }), [
        advisory(`Exempt until ${until}: Agreed in review. Otherwise: It is open.`),
        ...found.slice(1),
      ]);
    }
  });

  it("leaves the violation afterwards, and says when it ended", () => {
    assert.deepEqual(under({ until: "2026-06-14" }), [
      violation(
        "It is open. Its exemption ended on 2026-06-14: mend it, or renew the exemption with a reason.",
      ),
      ...found.slice(1),
    ]);
  });

  it("holds as long as any that covers the resource, and names the last end where none does", () => {
    assert.equal(under({ until: "2020-01-01" }, { until: today })[0]?.kind, "advisory");
    assert.match(
      under({ until: "2020-01-01" }, { until: "2025-01-01" }, { until: "2021-01-01" })[0]?.text ?? "",
      /ended on 2025-01-01/,
    );
  });

  const covers: readonly [string, boolean][] = [
    ["data-bucket", true],
    [resource.urn, true],
    ["data-*", true],
    ["*-bucket", true],
    ["*ta-b*", true],
    ["d*-b*t", true],
    ["*", true],
    ["data-bucket*", true],
    ["*::data-bucket", true],
    ["data", false],
    ["Data-bucket", false],
    ["data-bucke?", false],
    ["data-bucket-*", false],
    ["data-bucket*data-bucket", false],
    ["*bucket*bucket", true],
    ["da*ta-bucketx", false],
    ["", false],
  ];
  for (const [pattern, expected] of covers) {
    it(`${expected ? "covers" : "does not cover"} the resource as "${pattern}"`, () => {
      assert.equal(under({ resource: pattern })[0] !== violated, expected);
    });
  }

  it("matches as a pattern whose only sign is *, and comes to an end", () => {
    const text = fc.stringMatching(/^[ab.*?+]{0,12}$/);
    fc.assert(
      fc.property(text, text, (pattern, name) => {
        const escaped = pattern.split("*").map((part) => part.replaceAll(/[.?+]/g, "\\$&"));
        const expected = new RegExp(`^${escaped.join(".*")}$`, "s").test(name);
        const [first] = applyExemptions(
          [violation("x")],
          { name, urn: "urn" },
          [{ resource: pattern, reason: "Agreed in review", until: today }],
          today,
        );
        assert.equal(
          first?.kind === "advisory",
          expected || new RegExp(`^${escaped.join(".*")}$`).test("urn"),
        );
      }),
    );
    // Backtracking over so many parts would not come to an end.
    assert.equal(under({ resource: `${"*a".repeat(200)}b` })[0], violated);
  });

  it("is refused without a resource, a reason or a day that the calendar has, and with anything else", () => {
    const good = { resource: "a", reason: "Agreed in review", until: today };
    const wrong: readonly unknown[] = [
      { ...good, resource: "" },
      { ...good, resource: 1 },
      { ...good, reason: "too short" },
      { ...good, reason: "          " },
      { ...good, until: "2026-02-31" },
      { ...good, until: "tomorrow" },
      { ...good, until: 20260615 },
      { ...good, rule: "storage-kms" },
      "data-bucket",
      null,
    ];

    assert.deepEqual(exempt.read([good], []), { value: [good], problems: [] });
    for (const entry of wrong) {
      const { value, problems } = exempt.read([good, entry], []);
      assert.deepEqual([value, problems.length], [[good], 1], JSON.stringify(entry));
      assert.match(problems[0] ?? "", /^\[1\] /);
    }
    assert.equal(exempt.read({}, []).problems.length, 1);
  });

  it("ends on days of the calendar, leap years included", () => {
    assert.deepEqual(
      ["2028-02-29", "2026-02-29", "2026-12-31", "2026-13-01", "2026-1-1", "2026-00-10", ""].map(isDay),
      [true, false, true, false, false, false, false],
    );
  });
});

/** With the day of the clock; the dates are far from it on both sides. */
describe("an exemption under Pulumi's launcher", function () {
  this.timeout(90_000);
  let pack: RunningPack;
  before(async () => {
    pack = await startPack(resolve(__dirname, "../../policy"), 60_000);
  });
  after(async () => {
    await pack?.stop();
  });
  const exempting = (resource: string, until: string) => ({
    exempt: [{ resource, reason: "Agreed in review", until }],
  });

  it("lets one resource pass while it holds, and is a violation once it has ended", async () => {
    const id = "iam-no-sagemaker-full-access";
    const request = {
      type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      name: "legacy",
      props: { policyArn: "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess" },
    };
    const answer = async () =>
      (await pack.analyze(request)).diagnostics
        .filter(({ policy }) => policy === id)
        .map(({ level, message }) => [level, /Exempt until|exemption ended on/.exec(message)?.[0]]);

    await pack.configure(id, exempting("legacy", "2999-12-31"));
    assert.deepEqual(await answer(), [["advisory", "Exempt until"]]);
    await pack.configure(id, exempting("legacy", "2020-12-31"));
    assert.deepEqual(await answer(), [["mandatory", "exemption ended on"]]);
    await pack.configure(id, exempting("another", "2999-12-31"));
    assert.deepEqual(await answer(), [["mandatory", undefined]]);
  });

  it("does the same for a rule over the whole stack, by the resource that it reports", async () => {
    const id = "lambda-provisioned-within-reserved";
    const resources = [
      {
        type: "aws:lambda/function:Function",
        name: "predict",
        props: { name: "predict", reservedConcurrentExecutions: 1 },
      },
      {
        type: "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig",
        name: "warm",
        props: { functionName: "predict", qualifier: "live", provisionedConcurrentExecutions: 5 },
      },
    ];
    const answer = async () =>
      (await pack.analyzeStack(resources)).filter(({ policy }) => policy === id).map(({ level }) => level);

    await pack.configure(id, {});
    const [reported] = (await pack.analyzeStack(resources)).filter(({ policy }) => policy === id);
    assert.ok(resources.some((resource) => urnOf(resource) === reported?.urn));
    assert.deepEqual(await answer(), ["mandatory"]);
    await pack.configure(id, exempting("*::warm", "2999-12-31"));
    const byWarm = await answer();
    await pack.configure(id, exempting("*::predict", "2999-12-31"));
    assert.deepEqual([...byWarm, ...(await answer())].sort(), ["advisory", "mandatory"]);
    await pack.configure(id, exempting("*", "2020-12-31"));
    assert.deepEqual(await answer(), ["mandatory"]);
  });
});
