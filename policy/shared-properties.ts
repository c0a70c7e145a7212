import deserialize = require("@pulumi/policy/deserialize");

type Deserialize = (properties: object, proxySecrets: boolean) => object;

/** On the message itself, which lives as long as the request: thousands of entries of a WeakMap cost more to collect. */
const COPY = Symbol("copy of the properties");

interface Message {
  [COPY]?: object;
}

/**
 * Lets the SDK copy the properties of a resource once per request instead of once per policy. It copies them anew for each policy
 * (`makeAnalyzeRpcFun` and `makeAnalyzeStackRpcFun` in @pulumi/policy/server.js), for a stack of 5,000 resources that is most of the
 * time ten rules take. The rules of this pack read their properties and never write them; what a remediation writes is not shared.
 * The SDK has no setting for it, so its own function is replaced; where it is not what it was, all stays as it is, and slower.
 * Why: docs/decisions/0008-properties-copied-once.md.
 */
export function shareProperties(): void {
  const sdk = deserialize as { deserializeProperties?: Deserialize };
  const original = sdk.deserializeProperties;
  if (typeof original !== "function" || original.length !== 2) return;

  sdk.deserializeProperties = (properties: Message, proxySecrets) => {
    if (proxySecrets) return original(properties, proxySecrets);
    properties[COPY] ??= original(properties, proxySecrets);
    return properties[COPY];
  };
}
