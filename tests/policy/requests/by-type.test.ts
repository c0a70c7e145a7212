import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import * as policyServer from "@pulumi/policy/server";
import { AnalyzeResponse } from "@pulumi/pulumi/proto/analyzer_pb";
import { describe, it } from "mocha";
import { ask, byType } from "../../../policy/requests/by-type";
import type { Handler } from "../../../policy/requests/sdk";
import { rules } from "../../../policy/rules";
import { fromResponse, type PolicyAnswer, toRequest } from "../../support/policy-request";
import { readCorpus } from "../../support/rule-corpus";

const { makeAnalyzeRpcFun } = policyServer as unknown as {
  makeAnalyzeRpcFun: (pack: string, version: string, level: string, policies: Policies) => Handler;
};
const policies = rules.map((rule) => rule.policy()) as Policies;
const toBytes = (response: unknown) => Buffer.from((response as AnalyzeResponse).serializeBinary());

/** The SDK's handlers, with a count of the policies that each was made for. */
function counting() {
  const made: number[] = [];
  const handlerOf = (some: Policies) => {
    made.push(some.length);
    return makeAnalyzeRpcFun("pack", "0.0.0", "advisory", some);
  };
  return { made, handlerOf };
}

function joined({
  own,
  others,
}: {
  own: unknown;
  others: Buffer;
}): PolicyAnswer & { reasons: readonly string[] } {
  const parts = [...(own === undefined ? [] : [toBytes(own)]), others];
  const response = AnalyzeResponse.deserializeBinary(Buffer.concat(parts));
  return {
    ...fromResponse(response),
    reasons: response.getNotApplicableList().map((entry) => entry.getReason()),
  };
}

describe("rules asked by the type of a resource", () => {
  const whole = makeAnalyzeRpcFun("pack", "0.0.0", "advisory", policies);
  const requests = [
    { type: "t:none:None", name: "none", props: { a: 1 } },
    { type: "__proto__", name: "hostile", props: {} },
    ...Object.values(readCorpus()).flatMap((entry) => ("resources" in entry ? entry.resources : [entry])),
  ];

  it("answer as all of them do, word for word and in order, on every request of the corpus", async () => {
    const asked = byType(rules, policies, counting().handlerOf, toBytes);

    for (const request of requests) {
      const call = () => ({ request: toRequest(request) });
      const expected = joined({ own: await ask(whole, call()), others: Buffer.alloc(0) });

      assert.deepEqual(joined(await asked.answer(request.type, call)), expected, request.type);
    }
  });

  it("are asked once per type where they do not look at it, and again after a new configuration", async () => {
    const { made, handlerOf } = counting();
    const asked = byType(rules, policies, handlerOf, toBytes);
    const type = "aws:sagemaker/notebookInstance:NotebookInstance";
    const concerned = rules.filter((rule) => rule.kind === "resource" && type in rule.reads).length;
    const call = () => ({ request: toRequest({ type, props: {} }) });

    await asked.answer(type, call);
    await asked.answer(type, call);
    assert.deepEqual(made, [concerned, rules.length - concerned]);

    asked.forget();
    await asked.answer(type, call);
    assert.equal(made.length, 4);
  });

  it("leave a request unread where none looks at the type", async () => {
    const asked = byType(rules, policies, counting().handlerOf, toBytes);
    let reads = 0;
    const call = () => {
      reads++;
      return { request: toRequest({ type: "t:none:None", props: {} }) };
    };

    const first = await asked.answer("t:none:None", call);
    const second = await asked.answer("t:none:None", call);

    assert.equal(reads, 1);
    assert.equal(second.own, undefined);
    assert.deepEqual(joined(second), joined(first));
    assert.equal(joined(second).notApplicable.length, rules.filter(({ kind }) => kind === "resource").length);
  });

  it("are all asked if they are not of the pack's making", async () => {
    const others = ["one", "two"].map((name) => ({
      name,
      description: name,
      validateResource: (_args: unknown, report: (message: string) => void) => report(name),
    })) as Policies;
    const asked = byType(rules, others, counting().handlerOf, toBytes);

    const { diagnostics } = joined(
      await asked.answer("t:a:A", () => ({ request: toRequest({ type: "t:a:A", props: {} }) })),
    );

    assert.deepEqual(
      diagnostics.map(({ policy }) => policy),
      ["one", "two"],
    );
  });

  it("pass on the error of the SDK", async () => {
    const failing = [
      {
        name: rules[0]?.id ?? "",
        description: "Fails.",
        validateResource: () => {
          throw new Error("out of order");
        },
      },
    ] as Policies;
    const asked = byType(rules, failing, counting().handlerOf, toBytes);

    await assert.rejects(
      asked.answer("t:a:A", () => ({ request: toRequest({ type: "t:a:A", props: {} }) })),
      /out of order/,
    );
  });
});
