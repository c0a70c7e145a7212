import type { Policies } from "@pulumi/policy";
import type { Rule } from "../rule";
import { ask, byType } from "./by-type";
import { StackCarrier } from "./carrier";
import type { Call, Handler, Method, Service } from "./sdk";
import { readStack } from "./stack";
import { Message } from "./wire";

const NAMES = ["analyze", "analyzeStack", "remediate", "configure"] as const;
type Known<T> = Readonly<Record<(typeof NAMES)[number], T>>;

/** A request that is read when somebody asks. */
interface Unread {
  readonly bytes: Buffer;
}

/** An answer of which a part was made ready before; the other part is one of the SDK's. */
class Prepared {
  constructor(
    readonly ready: Buffer,
    readonly own?: unknown,
  ) {}
}

/** The service that answers as the given one does, with less work; the given one where it is not as expected. */
export function faster(
  service: Service,
  rules: readonly Rule[],
  policies: Policies,
  handlerOf: (policies: Policies) => Handler,
): Service {
  if (!isKnown(service)) return service;
  const methods = service.methods as Known<Method>;
  const handlers = service.handlers as Known<Handler>;
  const resources = byType(rules, policies, handlerOf, methods.analyze.responseSerialize);
  const hasRemedies = policies.some((policy) => "remediateResource" in policy);
  let known: { remedies?: Buffer } = {};

  return {
    methods: {
      ...service.methods,
      analyze: unread(methods.analyze),
      analyzeStack: unread(methods.analyzeStack),
      remediate: unread(methods.remediate),
    },
    handlers: {
      ...service.handlers,
      analyze: orElse(handlers.analyze, methods.analyze, async (call, bytes) => {
        const { own, others } = await resources.answer(typeOf(bytes), () =>
          read(call, methods.analyze, bytes),
        );
        return new Prepared(others, own);
      }),
      analyzeStack: orElse(handlers.analyzeStack, methods.analyzeStack, async (call, bytes) => {
        const carrier = new StackCarrier(readStack(bytes));
        call.request = carrier;
        const response = await ask(handlers.analyzeStack, call);
        // Nothing was judged then: every rule is off, or the SDK does not show rules what it was given.
        if (!carrier.isTaken) throw new RangeError("No rule has taken the stack.");
        return response;
      }),
      // The engine asks for each resource. Without a remedy the answer is the same for all.
      remediate: orElse(handlers.remediate, methods.remediate, async (call, bytes) => {
        const asked = () => ask(handlers.remediate, read(call, methods.remediate, bytes));
        if (hasRemedies) return asked();
        const current = known;
        current.remedies ??= methods.remediate.responseSerialize(await asked());
        return new Prepared(current.remedies);
      }),
      configure: (call, callback) => {
        resources.forget();
        known = {};
        return handlers.configure(call, callback);
      },
    },
  };
}

function isKnown({ methods, handlers }: Service): boolean {
  return NAMES.every((name) => {
    const path = `/pulumirpc.Analyzer/${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return methods[name]?.path === path && typeof handlers[name] === "function";
  });
}

function unread(method: Method): Method {
  return {
    ...method,
    requestDeserialize: (bytes): Unread => ({ bytes }),
    responseSerialize: (response) => {
      if (!(response instanceof Prepared)) return method.responseSerialize(response);
      const { own, ready } = response;
      // A message in two pieces, one after the other, is one message with the lists of both
      // (https://protobuf.dev/programming-guides/encoding/#last-one-wins).
      return own === undefined ? ready : Buffer.concat([method.responseSerialize(own), ready]);
    },
  };
}

/** Tries the fast way. Whatever becomes an error on it, a damaged request included, is for the SDK to answer, and to word. */
function orElse(
  whole: Handler,
  method: Method,
  fast: (call: Call, bytes: Buffer) => Promise<unknown>,
): Handler {
  return async (call, callback) => {
    const { bytes } = call.request as Unread;
    const answer = fast(call, bytes).catch(() => ask(whole, read(call, method, bytes)));
    await answer.then((response) => callback(undefined, response), callback);
  };
}

function read(call: Call, method: Method, bytes: Buffer): Call {
  call.request = method.requestDeserialize(bytes);
  return call;
}

/** Of a `pulumirpc.AnalyzeRequest`, without reading the rest. */
function typeOf(bytes: Buffer): string {
  const request = new Message(bytes);
  while (request.next()) if (request.field === 1) return request.text();
  return "";
}
