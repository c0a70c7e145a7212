import { createHash, randomUUID } from "node:crypto";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
} from "@aws-sdk/client-sagemaker";
import { createClient, createHandler } from "../../../lambda/invoke/core";
import { readSettings } from "../../../lambda/invoke/env";
import type { EmulatedServices } from "./clients";
import type { Containers } from "./containers";
import type { FrontAnswer, FrontRequest, StandIn } from "./front";

export interface StandInsOptions {
  readonly services: EmulatedServices;
  readonly containers: Containers;
  /** Address of the front: a function calls its endpoint there. */
  readonly front: () => string;
  /** How long ago everything was made, in milliseconds, as listings tell it: the emulator's clock cannot be set. */
  readonly age: () => number;
}

/** What moto 5.2 lacks, or does otherwise than AWS, of the operations that the commands use; docs/operate.md lists the same. */
export function standIns({ services, containers, front, age }: StandInsOptions): readonly StandIn[] {
  return [
    {
      action: "sagemaker:InvokeEndpoint",
      why: "has one canned answer; here the artifact that is deployed is served by the training package's serving process",
      takes: ({ method, path }) => method === "POST" && endpointIn(path) !== undefined,
      answer: async (asked) => {
        const origin = await containerOf(services, containers, endpointIn(asked.path) ?? "");
        return origin === undefined
          ? refusal(400, "ValidationError", "There is no such endpoint, or its model is gone.")
          : invoke(origin, asked);
      },
    },
    {
      action: "lambda:InvokeFunction",
      why: "needs Docker; here the function's handler runs in the test, with the environment that is deployed",
      takes: ({ method, path }) => method === "POST" && functionIn(path) !== undefined,
      answer: (asked) => runFunction(services, front(), asked),
    },
    {
      action: "sagemaker:ListInferenceComponents",
      why: "is missing; there are none",
      takes: isTarget("SageMaker.ListInferenceComponents"),
      answer: async () => json({ InferenceComponents: [] }),
    },
    {
      action: "sagemaker:ListTrainingJobsForHyperParameterTuningJob",
      why: "is missing; a job of the emulator has no trials",
      takes: isTarget("SageMaker.ListTrainingJobsForHyperParameterTuningJob"),
      answer: async () => json({ TrainingJobSummaries: [] }),
    },
    {
      action: "sagemaker:ListEndpointConfigs",
      why: "tells its own clock, which cannot be set; here what is listed can be as old as a test needs",
      takes: isTarget("SageMaker.ListEndpointConfigs"),
      answer: async (asked, emulator) => older(await emulator(asked), "EndpointConfigs", age()),
    },
    {
      action: "sagemaker:ListModels",
      why: "the same",
      takes: isTarget("SageMaker.ListModels"),
      answer: async (asked, emulator) => older(await emulator(asked), "Models", age()),
    },
    {
      action: "s3:CopyObject",
      why: "ignores `If-None-Match` and `x-amz-copy-source-if-match`",
      takes: ({ method, headers }) => method === "PUT" && headers["x-amz-copy-source"] !== undefined,
      answer: async (asked, emulator) =>
        (await copyIsRefused(asked, emulator)) ? failedCondition : emulator(asked),
    },
    {
      action: "s3:PutObject",
      why: "compares no checksum, and forgets one that comes without the name of its algorithm",
      takes: ({ method, headers }) => method === "PUT" && headers["x-amz-checksum-sha256"] !== undefined,
      answer: async (asked, emulator) => {
        const { headers, body } = asked;
        const isWhole = headers["content-encoding"]?.includes("aws-chunked") !== true;
        const sum = createHash("sha256").update(body).digest("base64");
        if (isWhole && sum !== headers["x-amz-checksum-sha256"])
          return s3Refusal(
            400,
            "BadDigest",
            "The SHA256 you specified did not match the calculated checksum.",
          );
        return emulator({ ...asked, headers: { ...headers, "x-amz-sdk-checksum-algorithm": "SHA256" } });
      },
    },
  ];
}

function endpointIn(path: string): string | undefined {
  return /^\/endpoints\/([^/]+)\/invocations$/.exec(path)?.[1];
}

function functionIn(path: string): string | undefined {
  return /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(decodeURIComponent(path))?.[1];
}

function isTarget(target: string) {
  return ({ headers }: FrontRequest) => headers["x-amz-target"] === target;
}

/** The process that serves what the endpoint's configuration names. */
async function containerOf(
  { sagemaker, s3 }: EmulatedServices,
  containers: Containers,
  EndpointName: string,
): Promise<URL | undefined> {
  const { EndpointConfigName } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
  const { ProductionVariants } = await sagemaker.send(
    new DescribeEndpointConfigCommand({ EndpointConfigName }),
  );
  const ModelName = ProductionVariants?.[0]?.ModelName;
  const { PrimaryContainer } = await sagemaker.send(new DescribeModelCommand({ ModelName }));
  const { ModelDataUrl = "", Environment: environment = {} } = PrimaryContainer ?? {};
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(ModelDataUrl) ?? [];
  if (Bucket === undefined || Key === undefined) return undefined;
  return containers.origin(`${ModelDataUrl} ${JSON.stringify(environment)}`, async () => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return { artifact: (await Body?.transformToByteArray()) ?? new Uint8Array(), environment };
  });
}

const attributes = "x-amzn-sagemaker-custom-attributes";

async function invoke(origin: URL, { headers, body }: FrontRequest): Promise<FrontAnswer> {
  const { "content-type": type = "", accept = "*/*" } = headers;
  const answer = await fetch(new URL("/invocations", origin), {
    method: "POST",
    headers: { "content-type": type, accept },
    body: new Uint8Array(body),
  });
  const told = answer.headers.get(attributes);
  return {
    status: answer.ok ? 200 : 424,
    headers: {
      "content-type": answer.headers.get("content-type") ?? "",
      ...(told === null ? {} : { [attributes]: told }),
      ...(answer.ok ? {} : { "x-amzn-errortype": "ModelError" }),
    },
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

async function runFunction(
  { lambda }: EmulatedServices,
  endpoint: string,
  { path, body }: FrontRequest,
): Promise<FrontAnswer> {
  const [FunctionName = "", Qualifier] = (functionIn(path) ?? "").replace(/^arn:.*:function:/, "").split(":");
  const found = await lambda
    .send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier }))
    .catch((error: Error) => error);
  if (found instanceof Error) return refusal(404, "ResourceNotFoundException", found.message);
  const client = createClient({
    endpoint,
    region: "us-east-1",
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  try {
    const settings = readSettings(found.Environment?.Variables ?? {});
    const handler = createHandler({ client, settings, write: () => {} });
    const until = Date.now() + (found.Timeout ?? 3) * 1000;
    const answer = await handler(JSON.parse(body.toString()), {
      awsRequestId: randomUUID(),
      functionName: FunctionName,
      getRemainingTimeInMillis: () => until - Date.now(),
    });
    return json(answer);
  } finally {
    client.destroy();
  }
}

function older(answer: FrontAnswer, list: string, milliseconds: number): FrontAnswer {
  if (answer.status !== 200) return answer;
  const told = JSON.parse(answer.body.toString()) as Record<string, { CreationTime: number }[]>;
  const listed = (told[list] ?? []).map((one) => ({
    ...one,
    CreationTime: one.CreationTime - milliseconds / 1000,
  }));
  return json({ ...told, [list]: listed });
}

async function copyIsRefused(
  { path, headers }: FrontRequest,
  emulator: (request: FrontRequest) => Promise<FrontAnswer>,
): Promise<boolean> {
  const head = (of: string) => {
    const { host, authorization } = headers;
    return emulator({ method: "HEAD", path: of, headers: { host, authorization }, body: Buffer.alloc(0) });
  };
  const [target = ""] = path.split("?");
  if (headers["if-none-match"] === "*" && (await head(target)).status === 200) return true;
  const etag = headers["x-amz-copy-source-if-match"];
  if (etag === undefined) return false;
  const source = await head(`/${String(headers["x-amz-copy-source"]).replace(/^\//, "")}`);
  return source.headers.etag !== etag;
}

const failedCondition = s3Refusal(
  412,
  "PreconditionFailed",
  "At least one of the pre-conditions did not hold",
);

function s3Refusal(status: number, code: string, message: string): FrontAnswer {
  const body = Buffer.from(`<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
  return { status, headers: { "content-type": "application/xml" }, body };
}

function json(content: unknown): FrontAnswer {
  const headers = { "content-type": "application/x-amz-json-1.1" };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(content)) };
}

function refusal(status: number, code: string, message: string): FrontAnswer {
  const headers = { "content-type": "application/json", "x-amzn-errortype": code };
  return { status, headers, body: Buffer.from(JSON.stringify({ __type: code, message })) };
}
