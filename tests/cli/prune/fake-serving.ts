import type { FakeAccount, FakeEndpoint } from "./fake-account";
import { type Answer, type FakeRequest, type Handled, json, jsonRefusal, Refusal } from "./fake-aws";

/** Probabilities of the three classes that each endpoint tells apart. */
export const probabilities = [0.1, 0.7, 0.2];
const logits = JSON.stringify([probabilities.map(Math.log)]);

/** Endpoints and functions that answer, and what is watched about them. */
export function answerServing(request: FakeRequest, account: FakeAccount): Handled | undefined {
  const { method, url, headers, body } = request;
  const target = String(headers["x-amz-target"] ?? "");
  if (target === "AnyScaleFrontendService.DescribeScalableTargets") {
    const { ResourceIds = [] } = JSON.parse(body.toString()) as { ResourceIds?: string[] };
    return handled("DescribeScalableTargets", ResourceIds[0] ?? "", () =>
      json({
        ScalableTargets: ResourceIds.flatMap((id) => {
          const MinCapacity = account.endpoints.get(id.split("/")[1] ?? "")?.minimumInstances;
          return MinCapacity === undefined ? [] : [{ ResourceId: id, MinCapacity, MaxCapacity: 9 }];
        }),
      }),
    );
  }
  if (target === "GraniteServiceVersion20100801.DescribeAlarms") {
    const { AlarmNames = [] } = JSON.parse(body.toString()) as { AlarmNames?: string[] };
    return handled("DescribeAlarms", AlarmNames[0] ?? "", () =>
      json({
        MetricAlarms: AlarmNames.flatMap((AlarmName) => {
          const raised = account.alarms.get(AlarmName);
          return raised === undefined ? [] : [{ AlarmName, StateValue: raised ? "ALARM" : "OK" }];
        }),
      }),
    );
  }
  const endpointName = /^\/endpoints\/([^/]+)\/invocations$/.exec(url.pathname)?.[1];
  if (method === "POST" && endpointName !== undefined)
    return handled("InvokeEndpoint", endpointName, () =>
      answerOf(account.endpoints.get(endpointName), request),
    );
  const functionArn = /^\/2015-03-31\/functions\/(.+)\/invocations$/.exec(
    decodeURIComponent(url.pathname),
  )?.[1];
  if (method === "POST" && functionArn !== undefined) {
    const name = functionArn.replace(/^arn:.*:function:/, "").split(":")[0] ?? "";
    return handled("Invoke", functionArn, () => {
      if (!account.functions.has(name))
        throw new Refusal("ResourceNotFoundException", `Function not found: ${functionArn}`, 404);
      const digest = account.endpoints.get(name)?.answers;
      return {
        status: 200,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          statusCode: 200,
          headers: digest === undefined ? {} : { "x-model-sha256": digest },
          body: logits,
        }),
      };
    });
  }
  return undefined;
}

function answerOf(endpoint: FakeEndpoint | undefined, { body, headers }: FakeRequest): Answer {
  if (endpoint === undefined) throw new Refusal("ValidationError", "Endpoint x of account y not found.");
  if (headers["content-type"] !== "image/png" || body.subarray(1, 4).toString() !== "PNG")
    throw new Refusal("ValidationError", "That is no PNG.");
  return {
    status: 200,
    headers: {
      "content-type": "application/json",
      ...(endpoint.answers === undefined
        ? {}
        : { "x-amzn-sagemaker-custom-attributes": `model-sha256=${endpoint.answers}` }),
    },
    body: logits,
  };
}

function handled(operation: string, about: string, answer: () => Answer): Handled {
  return { call: { operation, about }, answer, refuse: jsonRefusal };
}
