import type { StackContext } from "../../infra/components/context";
import { endpoint } from "../../infra/config/schema/serving";
import type { EndpointConfig } from "../../infra/config/schema/stack";
import { imagesSection } from "../../infra/config/schema/training";
import { mockAccountId, mockRegion } from "./mocks";

export const context: StackContext = {
  naming: { project: "sagemaker-ops", environment: "test" },
  place: { partition: "aws", dnsSuffix: "amazonaws.com", region: mockRegion, accountId: mockAccountId },
  protect: true,
};

export const servingImage = imagesSection.parse(undefined).serving;

export const breeds = { name: "breeds", digest: "ab".repeat(32), classes: 133 };

/** Every kind of serving with nothing but what must be said; the schema fills in the defaults. */
export const servingSamples = {
  instances: { kind: "instances", instanceType: "ml.m5.large", initialCount: 1 },
  scaled: {
    kind: "instances",
    instanceType: "ml.m5.large",
    initialCount: 2,
    scaling: { kind: "invocations", min: 2, max: 6, maxRequestsPerSecond: 10 },
  },
  serverless: { kind: "serverless", memoryMiB: 3072, maxConcurrency: 10 },
  async: { kind: "async", instanceType: "ml.m5.large", scaling: { max: 2 } },
} as const;

/** An endpoint's configuration as `parse` returns it. */
export function endpointConfig(
  serving: Record<string, unknown>,
  rest: Record<string, unknown> = {},
): EndpointConfig {
  return endpoint.parse({
    model: "breeds",
    serving,
    ...(serving.kind === "serverless"
      ? { isolation: { kind: "open", reason: "serverless endpoints cannot be isolated" } }
      : {}),
    function: { kind: "none", reason: "no function in this test" },
    ...rest,
  });
}

/** The serving section alone. */
export function servingConfig(serving: Record<string, unknown>): EndpointConfig["serving"] {
  return endpointConfig(serving).serving;
}

/** The configuration of an invoke function with its defaults. */
export function functionConfig(
  rest: Record<string, unknown> = {},
): Extract<EndpointConfig["function"], { kind: "invoke" }> {
  const { function: config } = endpointConfig(servingSamples.instances, {
    function: { kind: "invoke", reservedConcurrency: 10, ...rest },
  });
  if (config.kind !== "invoke") throw new Error("the sample is an invoke function");
  return config;
}
