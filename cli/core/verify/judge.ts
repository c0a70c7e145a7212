import { isScaled } from "../../../infra/rules/scaling";
import { endpointFailure } from "../aws/endpoint-failures";
import type { Reply } from "../invoke/reply";
import { judgement, shortDigest, versionText, whyNotGoneBackTo } from "../promote/approval";
import type { ExpectedEndpoint } from "./expected";
import { goldenFault } from "./golden";
import { isTransitional, type Observed } from "./observe";

export type Verdict = "ok" | "failed" | "unchecked";

export interface Finding {
  /** Key under `endpoints`. */
  readonly endpoint: string;
  readonly check:
    | "deployed"
    | "approval"
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
  const { key: endpoint, deployed } = expected;
  const finding = (check: Finding["check"], found: Found): Finding => ({ endpoint, check, ...found });
  const findings = [
    finding("deployed", judgeDeployed(expected)),
    ...(expected.registry === undefined ? [] : [finding("approval", judgeApproval(expected, observed))]),
    finding("status", judgeStatus(expected, observed)),
  ];
  if (observed.state === undefined) return findings;
  findings.push(finding("configuration", judgeConfiguration(expected, observed)));
  findings.push(finding("model", judgeModel(expected, observed.answer)));
  for (const golden of observed.golden) findings.push(finding("golden", judgeGolden(expected, golden)));
  if (deployed?.functionAliasArn !== undefined || expected.hasFunction)
    findings.push(finding("function", judgeFunction(expected, observed.functionAnswer)));
  if (expected.serving.kind !== "serverless")
    findings.push(finding("capacity", judgeCapacity(expected, observed)));
  findings.push(finding("alarms", judgeAlarms(expected, observed)));
  return findings;
}

/** An endpoint that is deployed, and that nobody wants by the stack's file. */
export function judgeUnexpected(endpoint: string, stack: string): Finding {
  return {
    endpoint,
    check: "deployed",
    ...failed(
      `it is deployed, and Pulumi.${stack}.yaml does not want it: it declares no such endpoint, or no digest for its model`,
      `Use the file that the stack was deployed with; if it is the right one, \`npx sagemaker-ops up --stack ${stack}\` deletes the endpoint.`,
    ),
  };
}

function judgeDeployed({ key, modelName, digest, deployed }: ExpectedEndpoint): Found {
  if (deployed === undefined)
    return failed(
      `endpoint ${key} is not in the stack's outputs`,
      "Deploy the stack: `npx sagemaker-ops up`.",
    );
  if (deployed.modelDigest !== digest)
    return failed(
      `${modelName} is promoted at ${short(digest)}, and ${short(deployed.modelDigest)} is deployed`,
      "Deploy the stack: `npx sagemaker-ops up`.",
    );
  return ok(`${modelName} at ${short(digest)}, as promoted`);
}

function judgeApproval(
  { stack, modelName, digest, registry }: ExpectedEndpoint,
  { approval }: Observed,
): Found {
  if (registry === undefined || registry === "not deployed" || approval === undefined)
    return failed(
      `models.${modelName}.registry is configured, and the stack is deployed without it`,
      `Deploy the stack: \`npx sagemaker-ops up --stack ${stack}\`, then promote again.`,
    );
  const { version, isInHistory } = approval;
  const said =
    version === undefined
      ? `it is no version of ${registry.groupName}`
      : `${versionText(version)}, ${judgement(version)}`;
  return whyNotGoneBackTo(version, registry, isInHistory, { model: modelName, stack }) === undefined
    ? ok(said)
    : failed(
        said,
        `Have it approved: \`npx sagemaker-ops approve ${modelName} ${shortDigest(digest)} --stack ${stack}\`${version === undefined ? " once `promote` has registered it" : ""}; or go back: \`npx sagemaker-ops rollback ${modelName} --stack ${stack}\`.`,
      );
}

function judgeGolden({ serving }: ExpectedEndpoint, { image, answer }: Observed["golden"][number]): Found {
  if (answer === undefined)
    return unchecked(`${image.image}: ${serving.kind === "async" ? answersIntoBucket : notInService}`);
  const fault = goldenFault(image, answer);
  return fault === undefined
    ? ok(`${image.image} is class ${image.index}`)
    : failed(
        `${image.image}: ${fault}`,
        "Is it the right model? If it is, correct the golden answer; else roll back.",
      );
}

function judgeStatus({ endpointName, deployed, logsUrl }: ExpectedEndpoint, { state }: Observed): Found {
  if (state === undefined)
    return failed(
      `there is no endpoint ${endpointName} in this account and region`,
      deployed === undefined
        ? "Deploy the stack: `npx sagemaker-ops up`."
        : "Somebody has deleted it: run `npx sagemaker-ops up -- --refresh`.",
    );
  if (state.status === "InService") return ok("InService");
  if (isTransitional(state)) return failed(`${state.status}`, "Wait for it with --wait.");
  const reason = state.failureReason ?? "";
  const { cause, next } = endpointFailure(reason);
  return failed(
    `${state.status}: ${cause}${reason === "" ? "" : ` ("${reason}")`}`,
    `${next} Log: ${deployed?.logsUrl ?? logsUrl}`,
  );
}

function judgeConfiguration({ configName }: ExpectedEndpoint, { state }: Observed): Found {
  if (configName === undefined)
    return unchecked("the outputs do not tell which configuration is wanted; the state does");
  if (state?.configName === configName) return ok(configName);
  return failed(
    `${state?.configName ?? "none"} answers, and ${configName} is wanted: the update was rolled back`,
    "Find the cause in the alarms and the log, correct it, and run `npx sagemaker-ops up -- --refresh`.",
  );
}

function judgeModel({ digest, serving }: ExpectedEndpoint, answer: Reply | undefined): Found {
  if (serving.kind === "async") return unchecked(answersIntoBucket);
  return judgeAnswer(digest, answer, "the container");
}

function judgeFunction({ stack, key, digest, deployed }: ExpectedEndpoint, answer: Reply | undefined): Found {
  return deployed?.functionAliasArn === undefined
    ? failed(
        `endpoints.${key}.function is configured, and the stack's outputs have none`,
        `Deploy the stack: \`npx sagemaker-ops up --stack ${stack}\`.`,
      )
    : judgeAnswer(digest, answer, "the function");
}

/** What to do about a request that failed, where it is another thing than for who has sent it by hand. */
const nextOf: Readonly<Record<string, string>> = {
  "not-found": "Somebody has deleted it: run `npx sagemaker-ops up -- --refresh`.",
  throttled: "Raise its capacity, or verify again when less is asked of it.",
  "not-ready": "Verify again in a minute: it is starting or scaling.",
};

function judgeAnswer(digest: string, answer: Reply | undefined, who: string): Found {
  if (answer === undefined) return unchecked(notInService);
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
      "Deploy the stack: `npx sagemaker-ops up -- --refresh`; during a rollout, wait with --wait.",
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
      "Deploy the stack: `npx sagemaker-ops up -- --refresh`.",
    );
  const least = minimumInstances ?? serving.initialCount;
  return instances >= least
    ? ok(`${instances} of at least ${least}`)
    : failed(
        `${instances} running, and ${least} is the minimum`,
        "Scaling brings it back within minutes; if not, look at the quota of the instance type.",
      );
}

function judgeAlarms({ alarmNames }: ExpectedEndpoint, { alarms }: Observed): Found {
  const raised = alarms.filter(({ raised }) => raised).map(({ name }) => name);
  if (raised.length > 0)
    return failed(
      `${raised.join(", ")} raised`,
      "Look at the dashboard and the log of what the alarm is about.",
    );
  const missing = alarmNames.filter((name) => !alarms.some((alarm) => alarm.name === name));
  return missing.length > 0
    ? failed(
        `${missing.join(", ")} missing`,
        "Deploy the stack: `npx sagemaker-ops up -- --refresh`. A rollout rolls back on them.",
      )
    : ok(`${alarms.length} quiet`);
}

const answersIntoBucket = "an asynchronous endpoint answers into a bucket, not to a request";
const notInService = "the endpoint is not in service";

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
