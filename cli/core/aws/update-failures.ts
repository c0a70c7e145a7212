import { isJsonObject } from "../../../plan/json-value";
import { type Layout, wrap } from "../../../plan/report/layout";
import { commandText } from "../command-text";
import { jsonIn } from "../json-text";
import { knownJobCause } from "../operate/causes";
import { type EndpointFailure, knownEndpointFailure } from "./endpoint-failures";
import { knownCause } from "./errors";

/** What an update failed on, where the cause is a known one. */
export interface UpdateFailure extends EndpointFailure {
  /** Logical names of the resources. */
  readonly names: readonly string[];
}

/**
 * The known causes among the errors of an update, each once.
 *
 * @param log what the Pulumi CLI wrote with `--event-log`, one JSON object a line; the last line may be cut off.
 */
export function updateFailures(log: string, stack: string): readonly UpdateFailure[] {
  const found = new Map<string, UpdateFailure>();
  for (const { urn, message } of log.split("\n").flatMap(errorIn)) {
    const [types = "", name = ""] = urn.split("::").slice(2);
    const failure = failureOf(types.split("$").at(-1) ?? "", name, message, stack);
    if (failure === undefined) continue;
    const key = JSON.stringify(failure);
    const names = found.get(key)?.names ?? [];
    found.set(key, { ...failure, names: names.includes(name) ? names : [...names, name] });
  }
  return [...found.values()];
}

/** What stands below the text of Pulumi; nothing where no cause is known. */
export function updateFailuresText(failures: readonly UpdateFailure[], { paint, width }: Layout): string {
  const lines = failures.flatMap(({ names, cause, next }) => [
    ...wrap(`${names.join(", ")}: ${cause}`, width),
    ...wrap(next, width - 2).map((line) => `  ${paint.cyan(line)}`),
  ]);
  return lines.length === 0
    ? ""
    : `\n${paint.bold("Why it failed, as far as the errors tell")}\n${lines.join("\n")}\n`;
}

interface EngineError {
  readonly urn: string;
  readonly message: string;
}

/** https://www.pulumi.com/docs/iac/automation-api/ reads the same events: `EngineEvent` in @pulumi/pulumi/automation. */
function errorIn(line: string): readonly EngineError[] {
  const event = jsonIn(line);
  const diagnostic = isJsonObject(event) ? event.diagnosticEvent : undefined;
  if (!isJsonObject(diagnostic) || diagnostic.severity !== "error") return [];
  const { urn, message } = diagnostic;
  return [{ urn: typeof urn === "string" ? urn : "", message: typeof message === "string" ? message : "" }];
}

function failureOf(type: string, name: string, message: string, stack: string): EndpointFailure | undefined {
  const { code, reason } = awsError(message);
  if (/^aws:sagemaker\/(?:endpoint|endpointConfiguration|model):/.test(type)) {
    const failure = knownEndpointFailure(reason);
    const key = /^(.+)-endpoint$/.exec(name)?.[1];
    if (failure !== undefined)
      return type !== "aws:sagemaker/endpoint:Endpoint" || key === undefined
        ? failure
        : { ...failure, next: `${failure.next} Its log: ${commandText(["logs", key, "--stack", stack])}` };
  }
  if (/^aws:sagemaker\/(?:trainingJob|hyperParameterTuningJob):/.test(type)) {
    const failure = knownJobCause(reason);
    if (failure !== undefined) return failure;
  }
  const [cause, next] = knownCause({ name: code, message: reason }) ?? [];
  return cause === undefined || next === undefined ? undefined : { cause, next };
}

/**
 * AWS's own words in an error of the provider, whose own may name resources as they like: "… operation error SageMaker: CreateEndpoint,
 * https response error StatusCode: 400, RequestID: …, api error ValidationException: Could not …", and of what fails later
 * "… unexpected state 'Failed', wanted target 'InService'. last error: …".
 */
function awsError(message: string): { readonly code: string; readonly reason: string } {
  const [, code = "", said] =
    /\bRequestID: [^,]*,(?: HostID: [^,]*,)? (?:api error )?(\w+): ([\s\S]*)/.exec(message) ?? [];
  if (said !== undefined) return { code, reason: `${code}: ${said}` };
  const [, later] = /\blast error: ([\s\S]*)/.exec(message) ?? [];
  return { code: "", reason: later ?? message };
}
