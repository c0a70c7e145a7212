import assert from "node:assert/strict";
import type { Policies } from "@pulumi/policy";
import * as policyServer from "@pulumi/policy/server";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { describe, it } from "mocha";
import { faster } from "../../../policy/requests/faster";
import type { Call, Handler, Method, Service } from "../../../policy/requests/sdk";
import { rules } from "../../../policy/rules";
import { type PolicyRequest, toRequest } from "../../support/policy-request";
import { toStackRequest } from "../../support/stack-request";
import { corpusRequests, corpusStack } from "./corpus-requests";

type MakeHandler = (pack: string, version: string, level: string, policies: Policies) => Handler;
const sdk = policyServer as unknown as Readonly<
  Record<"makeAnalyzeRpcFun" | "makeAnalyzeStackRpcFun" | "makeRemediateRpcFun", MakeHandler>
>;
const methods = AnalyzerService as unknown as Service["methods"];
const policies = rules.map((rule) => rule.policy()) as Policies;
const asset = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", text: "x" };

function handlerOf(some: Policies): Handler {
  return sdk.makeAnalyzeRpcFun("pack", "0.0.0", "advisory", some);
}

/** The service as the SDK makes it, with some of its handlers altered. */
function serviceOf(altered: Readonly<Record<string, Handler>> = {}, some = policies): Service {
  const handlers: Readonly<Record<string, Handler>> = {
    analyze: handlerOf(some),
    analyzeStack: sdk.makeAnalyzeStackRpcFun("pack", "0.0.0", "advisory", some),
    remediate: sdk.makeRemediateRpcFun("pack", "0.0.0", "advisory", some),
    configure: (_call, callback) => callback(undefined, "configured"),
  };
  return { methods, handlers: { ...handlers, ...altered } };
}

/** What goes over the wire: the answer's bytes. Rejects with the answer's error. */
function send(service: Service, name: string, bytes: Buffer): Promise<Buffer> {
  const method = service.methods[name] as Method;
  const handler = service.handlers[name] as Handler;
  return new Promise((resolve, reject) => {
    let answers = 0;
    const call: Call = { request: method.requestDeserialize(bytes) };
    handler(call, (error, response) => {
      answers++;
      assert.equal(answers, 1, "answered twice");
      if (error !== undefined && error !== null) reject(error);
      else resolve(Buffer.from(method.responseSerialize(response)));
    });
  });
}

function fast(service = serviceOf(), some = policies): Service {
  return faster(service, rules, some, handlerOf);
}

function bytesOf(request: PolicyRequest): Buffer {
  return Buffer.from(toRequest(request).serializeBinary());
}

const stack = Buffer.from(toStackRequest(corpusStack).serializeBinary());

describe("the faster service", () => {
  it("sends what the SDK sends, byte for byte, for every resource of the corpus", async () => {
    const service = serviceOf();
    const quick = fast(service);

    for (const request of corpusRequests) {
      const bytes = bytesOf(request);
      assert.deepEqual(
        await send(quick, "analyze", bytes),
        await send(service, "analyze", bytes),
        request.type,
      );
    }
  });

  it("sends what the SDK sends, byte for byte, for the corpus as one stack, and has not had it read for that", async () => {
    const service = serviceOf();
    const expected = await send(service, "analyzeStack", stack);
    const reading = { ...methods.analyzeStack, requestDeserialize: () => assert.fail("read") } as Method;
    const quick = fast({ ...service, methods: { ...methods, analyzeStack: reading } });

    assert.deepEqual(await send(quick, "analyzeStack", stack), expected);
    assert.ok(analyzer.AnalyzeResponse.deserializeBinary(expected).getDiagnosticsList().length > 20);
  });

  it("asks the SDK about remedies once per configuration, as no rule has one", async () => {
    let asked = 0;
    const service = serviceOf();
    const remediate: Handler = (call, callback) => {
      asked++;
      return service.handlers.remediate?.(call, callback);
    };
    const quick = fast(serviceOf({ remediate }));
    const [first, second] = corpusRequests.map(bytesOf) as [Buffer, Buffer];

    assert.deepEqual(await send(quick, "remediate", first), await send(service, "remediate", first));
    assert.deepEqual(await send(quick, "remediate", second), await send(service, "remediate", second));
    assert.equal(asked, 1);

    await new Promise((resolve) => quick.handlers.configure?.({ request: undefined }, resolve));
    await send(quick, "remediate", first);
    assert.equal(asked, 2);
  });

  it("asks the SDK about the remedies for each resource where a policy has some", async () => {
    const remedy = {
      name: "remedy",
      description: "Mends.",
      enforcementLevel: "remediate",
      remediateResource: ({ props }: { props: Record<string, unknown> }) => ({ ...props, mended: true }),
    };
    const some = [remedy] as unknown as Policies;
    const quick = fast(serviceOf({}, some), some);

    for (const name of ["a", "b"]) {
      const bytes = await send(quick, "remediate", bytesOf({ type: "t:a:A", props: { name } }));
      const [only] = analyzer.RemediateResponse.deserializeBinary(bytes).getRemediationsList();
      assert.deepEqual(only?.getProperties()?.toJavaScript(), { name, mended: true });
    }
  });
});

describe("the faster service, where it cannot answer", () => {
  const altered: Readonly<Record<string, (original: Handler) => Handler>> = {
    "does not hand the name of a resource through as it is": (original) => (call, callback) => {
      const { getResourcesList } = call.request as { getResourcesList(): object[] };
      const list = getResourcesList.call(call.request).map(withTextForName);
      return original({ request: { getResourcesList: () => list } }, callback);
    },
    "asks a resource for what it did not ask before": (original) => (call, callback) => {
      for (const resource of (call.request as analyzer.AnalyzeStackRequest).getResourcesList())
        resource.toObject();
      return original(call, callback);
    },
    "fails on what it does not know": (original) => async (call, callback) => {
      (call.request as analyzer.AnalyzeStackRequest).serializeBinary();
      await original(call, callback);
    },
  };

  for (const [what, alter] of Object.entries(altered)) {
    it(`has the SDK answer about a stack, if it ${what}`, async () => {
      const original = serviceOf().handlers.analyzeStack as Handler;
      const service = serviceOf({ analyzeStack: alter(original) });

      assert.deepEqual(
        await send(fast(service), "analyzeStack", stack),
        await send(service, "analyzeStack", stack),
      );
    });
  }

  it("has the SDK answer about a stack with an asset where a rule reads", async () => {
    const service = serviceOf();
    const type = "aws:s3/bucketPolicy:BucketPolicy";
    const bytes = Buffer.from(
      toStackRequest([{ type, name: "a", props: { policy: asset } }]).serializeBinary(),
    );

    assert.deepEqual(
      await send(fast(service), "analyzeStack", bytes),
      await send(service, "analyzeStack", bytes),
    );
  });

  it("has the SDK answer about a stack if no rule is there to ask for it", async () => {
    const some = policies.filter((policy) => !("validateStack" in policy));
    const service = serviceOf({}, some);

    assert.deepEqual(await send(fast(service, some), "analyzeStack", stack), Buffer.alloc(0));
  });

  for (const name of ["analyze", "analyzeStack", "remediate"]) {
    it(`gives the SDK's own error for a damaged request to ${name}`, async () => {
      const damaged = Buffer.from([0x0a, 0x7f, 0x01]);
      let error: unknown;
      try {
        (methods[name] as Method).requestDeserialize(damaged);
      } catch (thrown) {
        error = thrown;
      }
      assert.ok(error instanceof Error);

      await assert.rejects(send(fast(), name, damaged), { message: error.message });
    });
  }

  it("gives the SDK's own error where a policy fails", async () => {
    const failing = (name: string) => () => {
      throw new Error(`${name} is out of order`);
    };
    const some = [
      { name: "resource", description: "Fails.", validateResource: failing("resource") },
      { name: "stack", description: "Fails.", validateStack: failing("stack") },
    ] as Policies;
    const quick = fast(serviceOf({}, some), some);

    await assert.rejects(
      send(quick, "analyze", bytesOf({ type: "t:a:A", props: {} })),
      /resource is out of order/,
    );
    await assert.rejects(send(quick, "analyzeStack", stack), /stack is out of order/);
  });

  it("is the service that it was given, if that has other methods", () => {
    const { analyze, ...others } = methods;
    const given = serviceOf();

    for (const other of [
      { ...others, Analyze: analyze },
      { ...methods, analyze: { ...analyze, path: "/pulumirpc.Analyzer2/Analyze" } },
    ] as Service["methods"][]) {
      const service = { ...given, methods: other };
      assert.equal(fast(service), service);
    }
    const { remediate: _, ...fewer } = given.handlers;
    const service = { ...given, handlers: fewer };
    assert.equal(fast(service), service);
  });
});

function withTextForName(resource: object): object {
  return new Proxy(resource, {
    get: (target, key) => {
      const value = (target as Record<string | symbol, unknown>)[key];
      if (typeof value !== "function") return value;
      return key === "getName" ? () => String(value.call(target)) : value.bind(target);
    },
  });
}
