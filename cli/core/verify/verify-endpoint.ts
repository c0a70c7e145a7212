import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClientOptions } from "../aws/clients";
import { AwsFailure } from "../aws/errors";
import type { Reply } from "../invoke/reply";
import { type Attempts, endpointTarget, functionTarget, type Target } from "../invoke/targets";
import { inScratchFolder } from "../scratch-folder";
import type { ExpectedEndpoint } from "./expected";
import type { GoldenImage } from "./golden";
import { type Finding, judge } from "./judge";
import { type EndpointState, type Observed, readAlarms, readMinimum, type VerifyClients } from "./observe";
import { plainImage } from "./plain-image";
import { readApproval } from "./read-approval";

/** What is throttled once, or fails once inside AWS, is no finding about the model. */
const maxAttempts = 3;

/** One label is enough to compare by. */
const reading = { top: 1, names: undefined };

/**
 * Asks everything about one endpoint, and judges it. The endpoint and the function's alias are sent a real request each: it is billed,
 * and seen in their metrics.
 */
export async function verifyEndpoint(
  clients: VerifyClients,
  region: string,
  expected: ExpectedEndpoint,
  state: EndpointState | undefined,
  golden: readonly GoldenImage[],
  options: ClientOptions = {},
): Promise<readonly Finding[]> {
  const attempts = { maxAttempts, ...options };
  const images = golden.filter(({ endpoint: key }) => key === undefined || key === expected.key);
  const nothing: Observed = {
    state,
    approval: await readApproval(clients, expected),
    minimumInstances: undefined,
    alarms: [],
    answer: undefined,
    functionAnswer: undefined,
    golden: images.map((image) => ({ image, answer: undefined })),
  };
  if (state === undefined) return judge(expected, nothing);
  const [minimumInstances, alarms] = await Promise.all([
    readMinimum(clients, expected),
    readAlarms(clients, expected),
  ]);
  const seen = { ...nothing, minimumInstances, alarms };
  if (state.status !== "InService" || expected.serving.kind === "async") return judge(expected, seen);

  const endpoint = endpointTarget(expected.endpointName, region, reading, attempts);
  const ask = async (folder: string) => {
    const file = join(folder, "plain.png");
    writeFileSync(file, plainImage());
    const answers: { image: GoldenImage; answer: Reply }[] = [];
    const answer = await send(endpoint, file);
    for (const image of images) answers.push({ image, answer: await send(endpoint, image.image) });
    const functionAnswer = await askFunction(expected, region, file, attempts);
    return judge(expected, { ...seen, answer, functionAnswer, golden: answers });
  };
  return inScratchFolder("sagemaker-ops-verify-", ask).finally(() => endpoint.close());
}

async function askFunction(
  { deployed }: ExpectedEndpoint,
  region: string,
  file: string,
  attempts: Attempts,
): Promise<Reply | undefined> {
  if (deployed?.functionAliasArn === undefined) return undefined;
  const target = functionTarget(deployed.functionAliasArn, { region, concurrency: 1 }, reading, attempts);
  try {
    return await send(target, file);
  } finally {
    await target.close();
  }
}

/** @throws AwsFailure where nothing was heard of the endpoint: that says nothing about what is deployed. */
async function send(target: Target, path: string): Promise<Reply> {
  const reply = await target.send({ kind: "file", name: path, path });
  if (reply.kind === "failed" && reply.failure.unreachable) {
    const { code, cause, next } = reply.failure;
    throw new AwsFailure(`${target.title} was not asked: ${cause} ${next}`, code, true);
  }
  return reply;
}
