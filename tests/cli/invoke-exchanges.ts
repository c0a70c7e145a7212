import type { Input } from "../../cli/core/invoke/inputs";
import { type Exchange, outcomeOf } from "../../cli/core/invoke/outcome";

export const input = (name: string): Input => ({ kind: "url", name });

export function answered(
  name: string,
  milliseconds: number,
  label = "Collie",
  modelSha256?: string,
): Exchange {
  const labels = [
    { index: 1, label, probability: 0.7 },
    { index: 0, label: "Beagle", probability: 0.25 },
  ];
  return { input: input(name), milliseconds, reply: { kind: "answered", labels, modelSha256 } };
}

export function failed(
  name: string,
  code = "throttled",
  flags: { stops?: boolean; unreachable?: boolean; cause?: string } = {},
): Exchange {
  const failure = {
    code,
    cause: flags.cause ?? "The endpoint is overloaded.",
    next: "Lower --concurrency, or raise its capacity.",
    stops: flags.stops ?? false,
    unreachable: flags.unreachable ?? false,
  };
  return { input: input(name), milliseconds: 1, reply: { kind: "failed", failure } };
}

export function outcome(exchanges: readonly Exchange[], requests = exchanges.length) {
  return outcomeOf(exchanges, { requests, milliseconds: 1000 });
}
