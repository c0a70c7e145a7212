import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import type { EnforcementLevel } from "../../../plan/policy-config";
import { UNDECIDED } from "../../../policy/findings";
import { CommandError } from "../exit-status";
import { jsonIn } from "../json-text";

/** A rule that could not decide about a resource, and the level at which it would have counted. */
export interface Undecided {
  readonly policy: string;
  /** `unknown` for a policy of another pack. */
  readonly level: EnforcementLevel | "unknown";
  /** Empty for what is about the stack. */
  readonly urn: string;
  readonly message: string;
}

export interface Verdicts {
  readonly undecided: readonly Undecided[];
  /** Whether the rules over the whole stack ran; they do not where a step failed. */
  readonly stackAnalyzed: boolean;
}

interface Reported {
  readonly policy: string;
  readonly urn: string;
  readonly message: string;
}

/** The SDK's words for a policy that read an unknown value (makeAnalyzeRpcFun in @pulumi/policy/server.js). */
const couldNotRun = /^can't run policy '[^']*' from policy pack '[^']*' during preview/;

const packName = "sagemaker-guard";

/**
 * What was left undecided, from the event log of the Pulumi CLI (`--event-log`, or `pulumi preview --json` with
 * PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true), or from `sagemaker-ops plan --json`.
 *
 * @param levelOf the level that a rule of the pack is configured with.
 * @throws CommandError for any other text, and for a preview that ran without the pack.
 */
export function undecidedIn(
  text: string,
  levelOf: (policy: string) => EnforcementLevel | undefined,
): Verdicts {
  const { reported, stackAnalyzed } = read(text);
  return {
    stackAnalyzed,
    undecided: reported
      .filter(({ message }) => isUndecided(message))
      .map(({ policy, urn, message }) => ({
        policy,
        level: levelOf(policy) ?? "unknown",
        urn,
        message: toldOf(message),
      })),
  };
}

function isUndecided(message: string): boolean {
  return couldNotRun.test(message) || message.split("\n").some((line) => line.startsWith(UNDECIDED));
}

/** Without the rule's sentence before it. */
function toldOf(message: string): string {
  const lines = message.trim().split("\n");
  const from = lines.findIndex((line) => line.startsWith(UNDECIDED));
  return (from < 0 ? lines : lines.slice(from)).join("\n");
}

function read(text: string): { readonly reported: readonly Reported[]; readonly stackAnalyzed: boolean } {
  const whole = jsonIn(text);
  if (isJsonObject(whole) && Array.isArray(whole.policies)) return fromPlan(whole.policies);
  if (isJsonObject(whole) && Array.isArray(whole.steps)) {
    throw new CommandError(
      "`pulumi preview --json` leaves the verdicts of policies out. Set PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true for it, or " +
        "run `npx sagemaker-ops preview --fail-undecided`.",
    );
  }
  const events = text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map(jsonIn);
  if (events.length > 0 && events.every(isJsonObject)) return fromEvents(events as JsonObject[]);
  throw new CommandError(
    "This is neither an event log of the Pulumi CLI, one JSON object per line, nor the output of `sagemaker-ops plan --json`.",
  );
}

function fromPlan(policies: readonly JsonValue[]) {
  return { reported: policies.flatMap((entry) => reportOf(entry, "policy", "urn")), stackAnalyzed: true };
}

function fromEvents(events: readonly JsonObject[]) {
  const own = (name: string) =>
    events.some((event) => isJsonObject(event[name]) && event[name].policyPackName === packName);
  if (!own("policyAnalyzeSummaryEvent") && !own("policyEvent")) {
    throw new CommandError(
      `The log tells of no resource that ${packName} looked at. Give the pack to the preview with --policy-pack, and use a Pulumi ` +
        "CLI whose log has summaries of policies (3.259 does).",
    );
  }
  return {
    reported: events.flatMap(({ policyEvent }) => reportOf(policyEvent, "policyName", "resourceUrn")),
    stackAnalyzed: own("policyAnalyzeStackSummaryEvent"),
  };
}

function reportOf(entry: JsonValue | undefined, policyKey: string, urnKey: string): readonly Reported[] {
  if (!isJsonObject(entry)) return [];
  const { [policyKey]: policy, [urnKey]: urn, message } = entry;
  if (typeof policy !== "string" || typeof message !== "string") return [];
  return [{ policy, urn: typeof urn === "string" ? urn : "", message }];
}
