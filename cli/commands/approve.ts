import { terminalLayout } from "../../plan/report/layout";
import { awsStatus } from "../core/aws/errors";
import { judgeVersion } from "../core/promote/judge-version";
import { onStack } from "../core/promote/on-stack";
import { judgedJson, judgedText } from "../core/promote/report";
import type { PromoteProcess } from "./promote";

export interface ApproveOptions {
  readonly stack: string;
  readonly reject?: boolean;
  readonly comment?: string;
  readonly outputs?: string;
  readonly state?: string;
  readonly json?: boolean;
}

/** Approves or rejects an artifact that is registered for a model; returns the exit status. */
export async function approve(
  model: string,
  digest: string | undefined,
  options: ApproveOptions,
  own: PromoteProcess = process,
): Promise<number> {
  const judged = await onStack(options, own, ({ clients, declared, contract }) =>
    judgeVersion(clients, declared, contract, {
      model,
      digest,
      verdict: options.reject === true ? "Rejected" : "Approved",
      comment: options.comment,
    }),
  );
  own.stdout.write(
    options.json === true
      ? judgedJson(judged, options.stack)
      : judgedText(judged, options.stack, terminalLayout(own.env, own.stdout)),
  );
  return awsStatus.ok;
}
