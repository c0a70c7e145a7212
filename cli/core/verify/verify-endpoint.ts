import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Reply } from "../invoke/reply";
import { endpointTarget, functionTarget, type Target } from "../invoke/targets";
import type { ExpectedEndpoint } from "./expected";
import type { GoldenImage } from "./golden";
import { type Finding, judge } from "./judge";
import { type EndpointState, readAlarms, readMinimum, type VerifyClients } from "./observe";
import { plainImage } from "./plain-image";

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
): Promise<readonly Finding[]> {
  if (state === undefined) return judge(expected, nothing(undefined));
  const [minimumInstances, alarms] = await Promise.all([
    readMinimum(clients, expected),
    readAlarms(clients, expected.endpointName),
  ]);
  const seen = { ...nothing(state), minimumInstances, alarms };
  if (state.status !== "InService" || expected.serving.kind === "async") return judge(expected, seen);

  const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-verify-"));
  const endpoint = endpointTarget(expected.endpointName, region, reading);
  try {
    const file = join(folder, "plain.png");
    writeFileSync(file, plainImage());
    const answers: { image: GoldenImage; answer: Reply }[] = [];
    const answer = await send(endpoint, file);
    for (const image of golden.filter(({ endpoint: key }) => key === undefined || key === expected.key))
      answers.push({ image, answer: await send(endpoint, image.image) });
    const functionAnswer = await askFunction(expected, region, file);
    return judge(expected, { ...seen, answer, functionAnswer, golden: answers });
  } finally {
    await endpoint.close();
    rmSync(folder, { recursive: true });
  }
}

async function askFunction(
  { deployed }: ExpectedEndpoint,
  region: string,
  file: string,
): Promise<Reply | undefined> {
  if (deployed?.functionAliasArn === undefined) return undefined;
  const target = functionTarget(deployed.functionAliasArn, { region, concurrency: 1 }, reading);
  try {
    return await send(target, file);
  } finally {
    await target.close();
  }
}

function send(target: Target, path: string): Promise<Reply> {
  return target.send({ kind: "file", name: path, path });
}

function nothing(state: EndpointState | undefined) {
  return {
    state,
    minimumInstances: undefined,
    alarms: [],
    answer: undefined,
    functionAnswer: undefined,
    golden: [],
  };
}
