import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createClient, createHandler, type Services } from "./core";
import { readSettings } from "./env";
import { readLabels } from "./labels";

// Once per environment: a client per call would open a connection per call. A wrong environment fails the
// initialisation, and with it the deployment, not the first caller.
const settings = readSettings(process.env);

export const services: Services = {
  client: createClient(),
  settings,
  labels: labelsOf(settings.classLabels, settings.classCount),
  // console.log would wrap the line under the JSON log format, and CloudWatch would not find the metrics in it.
  write: (line) => {
    process.stdout.write(`${line}\n`);
  },
  s3Endpoint: process.env.AWS_ENDPOINT_URL_S3,
  traceHeader: () => process.env._X_AMZN_TRACE_ID,
  version: process.env.AWS_LAMBDA_FUNCTION_VERSION,
  provisioned: process.env.AWS_LAMBDA_INITIALIZATION_TYPE === "provisioned-concurrency",
};

export const handler = createHandler(services);

function labelsOf(file: string | undefined, classCount: number): readonly string[] | undefined {
  if (file === undefined) return undefined;
  return readLabels(readFileSync(join(process.env.LAMBDA_TASK_ROOT ?? ".", file), "utf8"), classCount);
}
