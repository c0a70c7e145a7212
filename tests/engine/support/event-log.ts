import { existsSync, readFileSync } from "node:fs";

/** One step of the engine, `same` included. */
export interface Operation {
  /** In the engine's words: create, update, create-replacement, delete-replaced, … */
  readonly op: string;
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly failed: boolean;
}

export interface PolicyFinding {
  readonly policy: string;
  readonly level: string;
  readonly urn: string;
  readonly message: string;
}

export interface EventLog {
  /** What was done, or in a preview what would be. */
  readonly operations: readonly Operation[];
  readonly findings: readonly PolicyFinding[];
  /** Errors and warnings as the engine shows them, without colours. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
}

interface Metadata {
  readonly op: string;
  readonly urn: string;
  readonly type: string;
}

/** Of a line, only what is read here. */
interface EngineEvent {
  readonly resourcePreEvent?: { readonly metadata: Metadata };
  readonly resOutputsEvent?: { readonly metadata: Metadata };
  readonly resOpFailedEvent?: { readonly metadata: Metadata };
  readonly diagnosticEvent?: { readonly severity: string; readonly message: string };
  readonly policyEvent?: {
    readonly policyName: string;
    readonly enforcementLevel: string;
    readonly resourceUrn?: string;
    readonly message: string;
  };
}

/** Reads what the CLI wrote with `--event-log`: one JSON object a line. None is there where the engine never started. */
export function readEventLog(file: string, operation: string): EventLog {
  const events = existsSync(file)
    ? readFileSync(file, "utf8")
        .split("\n")
        .filter((line) => line.endsWith("}"))
        .map((line) => JSON.parse(line) as EngineEvent)
    : [];
  // A preview does nothing, so that its steps have a beginning alone.
  const done = operation === "preview" ? "resourcePreEvent" : "resOutputsEvent";
  const diagnostics = (severity: string) =>
    events
      .filter(({ diagnosticEvent }) => diagnosticEvent?.severity === severity)
      .map(({ diagnosticEvent }) => withoutColours(diagnosticEvent?.message ?? "").trim());
  return {
    operations: events.flatMap((event) => [
      ...operationOf(event[done]?.metadata, false),
      ...operationOf(event.resOpFailedEvent?.metadata, true),
    ]),
    findings: events.flatMap(({ policyEvent }) =>
      policyEvent === undefined
        ? []
        : [
            {
              policy: policyEvent.policyName,
              level: policyEvent.enforcementLevel,
              urn: policyEvent.resourceUrn ?? "",
              message: withoutColours(policyEvent.message),
            },
          ],
    ),
    errors: diagnostics("error"),
    warnings: diagnostics("warning"),
  };
}

function operationOf(metadata: Metadata | undefined, failed: boolean): Operation[] {
  if (metadata === undefined) return [];
  const { op, urn, type } = metadata;
  return [{ op, urn, type, name: urn.split("::").slice(3).join("::"), failed }];
}

/** The engine marks colours as `<{%reset%}>`. */
function withoutColours(text: string): string {
  return text.replaceAll(/<\{%[^%]*%\}>/g, "");
}
