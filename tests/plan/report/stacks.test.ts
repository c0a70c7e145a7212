import assert from "node:assert/strict";
import { planStack } from "../../../cli/core/plan-stack";
import type { Plan } from "../../../plan/plan";
import { planDocumentSchema } from "../../../plan/plan-schema";
import { renderJson } from "../../../plan/report/json";
import { layoutOf } from "../../../plan/report/layout";
import { renderTerminal } from "../../../plan/report/terminal";
import { runCli } from "../../support/run-cli";

const escapeCode = String.fromCharCode(27);

describe("the reports of the three stacks", function () {
  this.timeout(120_000);

  for (const stack of ["dev", "staging", "prod"]) {
    describe(stack, () => {
      let plan: Plan;

      before(async () => {
        plan = await planStack({ stack });
      });

      it("is the documented object in its machine form", () => {
        const document: unknown = JSON.parse(renderJson(plan));

        assert.deepEqual(planDocumentSchema.parse(document), document);
      });

      for (const columns of [60, 80, 120, 200]) {
        it(`fits ${columns} columns, in short and in full`, () => {
          const layout = layoutOf(columns, false);
          for (const full of [false, true]) {
            const lines = renderTerminal(plan, layout, { full }).split("\n");

            assert.deepEqual(
              lines.filter((line) => [...line].length > layout.width || /\s$/.test(line)),
              [],
            );
          }
        });
      }

      it("is much shorter than in full", () => {
        const lines = (full: boolean) =>
          renderTerminal(plan, layoutOf(120, false), { full }).split("\n").length;

        assert.ok(lines(false) < 0.75 * lines(true), `${lines(false)} lines instead of ${lines(true)}`);
      });

      it("has an answer for every ceiling that the stack uses", () => {
        const uses = plan.cost.largestUses ?? {};

        assert.deepEqual(
          Object.keys(uses).filter((name) => plan.cost.ceilings[name] === undefined),
          [],
        );
        assert.ok(uses["hourlyUsd.hosting"] !== undefined && uses.jobUsd !== undefined);
      });
    });
  }

  it("has no colours where nobody watches, and shows every resource with --full", async () => {
    const [short, full] = await Promise.all([
      runCli(["plan", "--stack", "dev"], { NO_COLOR: "", COLUMNS: "100" }),
      runCli(["plan", "--stack", "dev", "--full"], { NO_COLOR: "", COLUMNS: "100" }),
    ]);

    assert.equal(short.stdout.includes(escapeCode), false);
    assert.match(short.stdout, /^Stack {6}dev of sagemaker-ops in us-east-1/);
    assert.doesNotMatch(short.stdout, /s3\.BucketVersioning/);
    assert.match(full.stdout, /storage-data-versioning {2}s3\.BucketVersioning/);
    assert.deepEqual([short.status, full.status], [0, 0]);
  });
});
