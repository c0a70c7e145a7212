import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { readDocument } from "../../../policy/iam/document";
import { UNKNOWN } from "../../../policy/values";
import { UNKNOWN_STRING } from "../../support/policy-request";

const STATEMENT = { Effect: "Allow", Action: "sagemaker:InvokeEndpoint", Resource: "*" };

describe("readDocument", () => {
  it("reads a string and an object, one statement and a list, to the same statements", () => {
    const forms = [
      { Statement: STATEMENT },
      { Statement: [STATEMENT] },
      JSON.stringify({ Statement: STATEMENT }),
      ` ${JSON.stringify({ Statement: [{ ...STATEMENT, Action: [STATEMENT.Action], Resource: ["*"] }] })}\n`,
      { statement: { effect: "Allow", ACTION: STATEMENT.Action, resource: "*" } },
    ].map((value) => readDocument(value));

    const statementsOf = (form: (typeof forms)[number]) =>
      form.kind === "document" ? { ...form, raw: undefined } : form;
    for (const form of forms) assert.deepEqual(statementsOf(form), statementsOf(forms[0] ?? form));
    assert.deepEqual(statementsOf(forms[0] ?? { kind: "absent" }), {
      kind: "document",
      raw: undefined,
      statements: [
        {
          label: "statement 1",
          effect: "Allow",
          conditions: [],
          principal: undefined,
          action: ["sagemaker:InvokeEndpoint"],
          notAction: undefined,
          resource: ["*"],
          notResource: undefined,
        },
      ],
      problems: [],
      unknown: 0,
    });
  });

  const malformed: readonly [string, unknown, string][] = [
    ["text that is no JSON", "{ Statement: [", "it is not valid JSON"],
    ["JSON that is no object", "[1]", "it is not a JSON object"],
    ["a number", 7, "it is not a JSON object"],
    ["an object without statements", { Version: "2012-10-17" }, 'it has no "Statement"'],
  ];
  for (const [what, value, reason] of malformed) {
    it(`calls ${what} malformed and says why`, () => {
      assert.deepEqual(readDocument(value), { kind: "malformed", reason });
    });
  }

  it("lists what is wrong in single statements and still reads the others", () => {
    const document = readDocument({
      Statement: [
        "text",
        { ...STATEMENT, Effect: "deny" },
        { Effect: "Allow" },
        { ...STATEMENT, Action: [7, "s3:*"] },
        { Sid: "Fine", ...STATEMENT },
      ],
    });

    assert.equal(document.kind, "document");
    if (document.kind !== "document") return;
    assert.deepEqual(document.problems, [
      "statement 1 is not an object",
      'statement 2 has no "Effect" of Allow or Deny',
      'statement 3 has no "Action"',
      'statement 3 has no "Resource"',
      'statement 4 has something other than text in "Action"',
    ]);
    assert.deepEqual(
      document.statements.map(({ label }) => label),
      ["statement 3", "statement 4", "statement Fine"],
    );
  });

  it("tells nothing from unknown: nothing is absent, an unknown document is unknown", () => {
    assert.deepEqual(
      [undefined, null, "", UNKNOWN].map((value) => readDocument(value).kind),
      ["absent", "absent", "absent", "unknown"],
    );
  });

  it("counts unknown parts, also inside the text of a document, and reads the rest", () => {
    const document = readDocument(
      JSON.stringify({
        Statement: [STATEMENT, { ...STATEMENT, Resource: ["*", `arn:aws:s3:::${UNKNOWN_STRING}`] }],
      }),
    );

    assert.equal(document.kind === "document" && document.unknown, 1);
    assert.equal(document.kind === "document" && document.statements.length, 2);
  });

  it("leaves out a statement whose exceptions are unknown, since nothing can be said of what is left", () => {
    for (const effect of ["Allow", "Deny"]) {
      const document = readDocument(
        JSON.stringify({
          Statement: [{ Effect: effect, NotAction: ["iam:*", UNKNOWN_STRING], Resource: "*" }],
        }),
      );

      assert.equal(document.kind === "document" && document.statements.length, 0);
      assert.equal(document.kind === "document" && document.unknown, 1);
    }
  });

  it("reads an element that is there twice with all its values", () => {
    const document = readDocument(
      '{"Statement":{"Effect":"Allow","action":"a:b","Action":"c:d","Resource":"*"}}',
    );

    assert.deepEqual(document.kind === "document" && document.statements[0]?.action, ["a:b", "c:d"]);
  });

  it("asks a trust policy for no resource", () => {
    const trust = { Statement: { Effect: "Allow", Principal: { Service: "x" }, Action: "sts:AssumeRole" } };

    const document = readDocument(trust, "trust");

    assert.deepEqual(document.kind === "document" && document.problems, []);
    assert.deepEqual(document.kind === "document" && document.statements[0]?.principal, { Service: "x" });
  });

  it("does not take a Sid of odd characters into its messages", () => {
    const document = readDocument({ Statement: { Sid: "secret value!", ...STATEMENT } });

    assert.equal(document.kind === "document" && document.statements[0]?.label, "statement 1");
  });
});
