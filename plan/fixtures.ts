import { builtInAnswers } from "./built-in-fixtures";
import { isJsonObject, type JsonObject, type JsonValue } from "./json-value";
import { type SimulatedAccount, simulatedAccount } from "./simulated-account";

/** One answer among several for the same function: the first whose `when` is contained in the arguments wins. */
export interface FixtureCase {
  when?: JsonObject;
  result?: JsonObject;
  /** Makes the call fail with this message, to plan the program's own handling of it. */
  error?: string;
}

/**
 * Declared answers to invokes, by function token (`aws:ssm/getParameter:getParameter`), and the outputs of referenced
 * stacks, by `organization/project/stack`.
 */
export interface InvokeFixtures {
  stackReferences?: Record<string, JsonObject>;
  [token: string]: JsonObject | FixtureCase[] | Record<string, JsonObject> | undefined;
}

export type InvokeAnswer =
  | { kind: "answer"; result: JsonObject; source: "declared" | "simulated" }
  | { kind: "failure"; message: string }
  | { kind: "missing"; message: string };

/** Answers one invoke from the declared fixtures, then from the built-in ones; never invents an unknown function. */
export function answerInvoke(
  token: string,
  inputs: JsonObject,
  fixtures: InvokeFixtures,
  account: SimulatedAccount,
): InvokeAnswer {
  const declared = token === "stackReferences" ? undefined : fixtures[token];
  if (Array.isArray(declared)) {
    const match = declared.find((candidate) => contains(inputs, candidate.when ?? {}));
    if (match === undefined) return { kind: "missing", message: noMatchingCase(token, inputs) };
    if (match.error !== undefined) return { kind: "failure", message: match.error };
    return { kind: "answer", result: match.result ?? {}, source: "declared" };
  }
  if (declared !== undefined) return { kind: "answer", result: declared as JsonObject, source: "declared" };
  const region = inputs.region;
  const builtIn = builtInAnswers[token];
  if (builtIn === undefined) return { kind: "missing", message: noFixture(token, inputs) };
  const where = typeof region === "string" ? simulatedAccount(region) : account;
  return { kind: "answer", result: builtIn(inputs, where), source: "simulated" };
}

/** The outputs of a referenced stack; undefined when no fixture declares it. */
export function stackReferenceOutputs(name: string, fixtures: InvokeFixtures): JsonObject | undefined {
  return fixtures.stackReferences?.[name];
}

export function noStackReference(name: string, fixtures: InvokeFixtures): string {
  const known = Object.keys(fixtures.stackReferences ?? {});
  return (
    `The program reads the outputs of stack "${name}", which the plan cannot see. ` +
    (known.length === 0 ? "" : `Declared are: ${known.join(", ")}. `) +
    `Declare them with --fixtures FILE: {"stackReferences": {"${name}": {"<output>": <value>}}}.`
  );
}

function noFixture(token: string, inputs: JsonObject): string {
  return (
    `The program calls ${token}, which needs a provider, and no fixture answers it ` +
    `(arguments: ${argumentNames(inputs)}). ` +
    `Declare its result with --fixtures FILE: {"${token}": {"<property>": <value>}}.`
  );
}

function noMatchingCase(token: string, inputs: JsonObject): string {
  return (
    `The fixtures declare ${token}, but none of its cases fits this call (arguments: ${argumentNames(inputs)}). ` +
    `Add one with --fixtures FILE: {"${token}": [{"when": {"<argument>": <value>}, "result": {...}}]}.`
  );
}

/** Names only: an argument's value may be a secret. */
function argumentNames(inputs: JsonObject): string {
  const names = Object.keys(inputs);
  return names.length === 0 ? "none" : names.join(", ");
}

function contains(actual: JsonValue | undefined, wanted: JsonValue): boolean {
  if (isJsonObject(wanted)) {
    return (
      isJsonObject(actual) &&
      Object.entries(wanted).every(([key, value]) => contains(actual[key], value as JsonValue))
    );
  }
  return JSON.stringify(actual) === JSON.stringify(wanted);
}
