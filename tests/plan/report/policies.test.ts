import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { CheckedPack } from "../../../plan/plan";
import { layoutOf } from "../../../plan/report/layout";
import { renderPolicies } from "../../../plan/report/policies";
import type { Verdict } from "../../../plan/run-pack";

const layout = layoutOf(100, false);

function policy(name: string, level: "mandatory" | "advisory" | "disabled" = "mandatory") {
  return {
    name,
    kind: "resource",
    level,
    severity: "high",
    description: `${name} holds. More words.`,
  } as const;
}

function pack(policies: readonly ReturnType<typeof policy>[]): CheckedPack {
  return { name: "guard", version: "1.2.3", policies: [...policies] };
}

function verdict(name: string, level: Verdict["level"], resource: string, message: string): Verdict {
  return {
    policy: name,
    level,
    severity: "high",
    urn: `urn:pulumi:dev::p::aws:sagemaker/model:Model::${resource}`,
    message,
    remediationSteps: "Do this.",
    url: "https://example.com/why",
  };
}

const many = Array.from({ length: 14 }, (_, index) => policy(`${index < 9 ? "iam" : "cost"}-rule-${index}`));

describe("renderPolicies", () => {
  it("tells each policy of a small pack", () => {
    const lines = renderPolicies(
      { policies: [], pack: pack([policy("a-b"), policy("c-d", "advisory")]) },
      layout,
    );

    assert.deepEqual(lines, ["mandatory  a-b  passed  a-b holds.", "advisory   c-d  passed  c-d holds."]);
  });

  it("counts what passed in a large pack by the first word of the names, and keeps what did not", () => {
    const lines = renderPolicies(
      { policies: [verdict("cost-rule-13", "mandatory", "m", "Too dear.")], pack: pack(many) },
      layout,
    );

    assert.deepEqual(lines, [
      "mandatory  cost-rule-13  1 violation  cost-rule-13 holds.",
      "passed 13 policies: iam 9, cost 4. --full lists them.",
      "",
      "[mandatory, high] cost-rule-13 on sagemaker.Model m",
      "    Too dear.",
      "    To do: Do this.",
      "    https://example.com/why",
      "",
    ]);
  });

  it("lists every policy of a large pack in full", () => {
    assert.equal(
      renderPolicies({ policies: [], pack: pack(many) }, layout, { full: true }).length,
      many.length,
    );
  });

  it("tells an advice once for the resources that share it, and without what it has said", () => {
    const advice = (resource: string, message: string) => verdict("x-y", "advisory", resource, message);
    const lines = renderPolicies(
      {
        policies: [advice("a", "Set it."), advice("b", "Set it."), advice("c", "Set that.")],
        pack: pack(many),
      },
      layout,
    );

    assert.deepEqual(lines.slice(2), [
      "[advisory, high] x-y on sagemaker.Model a, b",
      "    Set it.",
      "",
      "[advisory, high] x-y on sagemaker.Model c",
      "    Set that.",
      "",
    ]);
  });

  it("tells every violation that blocks by itself", () => {
    const lines = renderPolicies(
      {
        policies: ["a", "b"].map((name) => verdict("x-y", "mandatory", name, "Not allowed. Do this.")),
        pack: pack([policy("x-y")]),
      },
      layout,
    );

    assert.deepEqual(
      lines.filter((line) => line.startsWith("[")),
      ["[mandatory, high] x-y on sagemaker.Model a", "[mandatory, high] x-y on sagemaker.Model b"],
    );
    assert.equal(
      lines.some((line) => line.includes("To do:")),
      false,
    );
  });
});
