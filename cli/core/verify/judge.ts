import { isScaled } from "../../../infra/rules/scaling";
import { endpointFailure } from "../aws/endpoint-failures";
import type { Reply } from "../invoke/reply";
import type { ExpectedEndpoint } from "./expected";
import { goldenFault } from "./golden";
import { isTransitional, type Observed } from "./observe";

export type Verdict = "ok" | "failed" | "unchecked";

export interface Finding {
  /** Key under `endpoints`. */
  readonly endpoint: string;
  readonly check:
    | "deployed"
    | "status"
    | "configuration"
    | "model"
    | "golden"
    | "function"
    | "capacity"
    | "alarms";
  readonly verdict: Verdict;
  readonly said: string;
  /** What to do about it. */
  readonly next?: string;
}

type Found = Omit<Finding, "endpoint" | "check">;

/** What holds of an endpoint and what does not. */
export function judge(expected: ExpectedEndpoint, observed: Observed): readonly Finding[] {
  const { key: endpoint, digest, deployed } = expected;
  const finding = (check: Finding["check"], found: Found): Finding => ({ endpoint, check, ...found });
  const outdated = judgeDeployed(expected);
  const findings = [finding("deployed", outdated), finding("status", judgeStatus(expected, observed))];
  if (observed.state === undefined) return findings;
  findings.push(finding("configuration", judgeConfiguration(expected, observed)));
  findings.push(finding("model", judgeModel(expected, observed.answer)));
  for (const { image, answer } of observed.golden) {
    const fault = goldenFault(image, answer);
    findings.push(
      finding(
        "golden",
        fault === undefined
          ? ok(`${image.image} is class ${image.index}`)
          : failed(
              `${image.image}: ${fault}`,
              "Is it the right model? If it is, correct the golden answer; else roll back.",
            ),
      ),
    );
  }
  if (deployed?.functionAliasArn !== undefined)
    findings.push(finding("function", judgeFunction(digest, observed.functionAnswer)));
  if (expected.serving.kind !== "serverless")
    findings.push(finding("capacity", judgeCapacity(expected, observed)));
  findings.push(finding("alarms", judgeAlarms(observed)));
  return findings;
}

function judgeDeployed({ key, modelName, digest, deployed }: ExpectedEndpoint): Found {
  if (deployed === undefined)
    return failed(`endpoint ${key} is not in the stack's outputs`, "Deploy the stack: `sagemaker-ops up`.");
  if (deployed.modelDigest !== digest)
    return failed(
      `${modelName} is promoted at ${short(digest)}, and ${short(deployed.modelDigest)} is deployed`,
      "Deploy the stack: `sagemaker-ops up`.",
    );
  return ok(`${modelName} at ${short(digest)}, as promoted`);
}

function judgeStatus({ endpointName, deployed }: ExpectedEndpoint, { state }: Observed): Found {
  if (state === undefined)
    return failed(
      `there is no endpoint ${endpointName} in this account and region`,
      deployed === undefined
        ? "Deploy the stack: `sagemaker-ops up`."
        : "Somebody has deleted it: run `sagemaker-ops up -- --refresh`.",
    );
  if (state.status === "InService") return ok("InService");
  if (isTransitional(state)) return failed(`${state.status}`, "Wait for it with --wait.");
  const reason = state.failureReason ?? "";
  const { cause, next } = endpointFailure(reason);
  const log = deployed === undefined ? "" : ` Log: ${deployed.logsUrl}`;
  return failed(`${state.status}: ${cause}${reason === "" ? "" : ` ("${reason}")`}`, `${next}${log}`);
}

function judgeConfiguration({ configName }: ExpectedEndpoint, { state }: Observed): Found {
  if (configName === undefined)
    return unchecked("the outputs do not tell which configuration is wanted; the state does");
  if (state?.configName === configName) return ok(configName);
  return failed(
    `${state?.configName ?? "none"} answers, and ${configName} is wanted: the update was rolled back`,
    "Find the cause in the alarms and the log, correct it, and run `sagemaker-ops up -- --refresh`.",
  );
}

function judgeModel({ digest, serving }: ExpectedEndpoint, answer: Reply | undefined): Found {
  if (serving.kind === "async")
    return unchecked("an asynchronous endpoint answers into a bucket, not to a request");
  return judgeAnswer(digest, answer, "the container");
}

function judgeFunction(digest: string, answer: Reply | undefined): Found {
  return judgeAnswer(digest, answer, "the function");
}

/** What to do about a request that failed, where it is another thing than for who has sent it by hand. */
const nextOf: Readonly<Record<string, string>> = {
  "not-found": "Somebody has deleted it: run `sagemaker-ops up -- --refresh`.",
  throttled: "Raise its capacity, or verify again when less is asked of it.",
  "not-ready": "Verify again in a minute: it is starting or scaling.",
};

function judgeAnswer(digest: string, answer: Reply | undefined, who: string): Found {
  if (answer === undefined) return unchecked("the endpoint is not in service");
  if (answer.kind === "failed")
    return failed(answer.failure.cause, nextOf[answer.failure.code] ?? answer.failure.next);
  if (answer.modelSha256 === undefined)
    return failed(
      `${who} does not say which model answered`,
      "The serving code must return MODEL_SHA256 in its custom attributes, as this project's does.",
    );
  if (answer.modelSha256 !== digest)
    return failed(
      `${short(answer.modelSha256)} answered through ${who}, and ${short(digest)} is promoted`,
      "Deploy the stack: `sagemaker-ops up -- --refresh`; during a rollout, wait with --wait.",
    );
  return ok(`${short(digest)} answered`);
}

function judgeCapacity(expected: ExpectedEndpoint, { state, minimumInstances }: Observed): Found {
  const { serving } = expected;
  if (serving.kind === "serverless") return unchecked("a serverless endpoint has no instances");
  const instances = state?.instances ?? 0;
  if (isScaled(serving) && minimumInstances === undefined)
    return failed(
      "it is configured to scale, and is not registered for it",
      "Deploy the stack: `sagemaker-ops up -- --refresh`.",
    );
  const least = minimumInstances ?? serving.initialCount;
  return instances >= least
    ? ok(`${instances} of at least ${least}`)
    : failed(
        `${instances} running, and ${least} is the minimum`,
        "Scaling brings it back within minutes; if not, look at the quota of the instance type.",
      );
}

function judgeAlarms({ alarms }: Observed): Found {
  const raised = alarms.filter(({ raised }) => raised).map(({ name }) => name);
  if (raised.length > 0)
    return failed(
      `${raised.join(", ")} raised`,
      "Look at the dashboard and the log of what the alarm is about.",
    );
  return alarms.length === 0
    ? failed(
        "none exists",
        "Deploy the stack: `sagemaker-ops up -- --refresh`. A rollout rolls back on them.",
      )
    : ok(`${alarms.length} quiet`);
}

function ok(said: string): Found {
  return { verdict: "ok", said };
}

function failed(said: string, next: string): Found {
  return { verdict: "failed", said, next };
}

function unchecked(said: string): Found {
  return { verdict: "unchecked", said };
}

/** Enough to tell two artifacts apart; --json has them whole. */
function short(digest: string): string {
  return `${digest.slice(0, 12)}…`;
}
