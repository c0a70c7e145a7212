import type { JsonObject } from "../../../plan/json-value";
import { type Cloud, findBy } from "./cloud";

/** What look-ups find of the account itself; nothing for those that the plan's fixtures answer. */
export function answerLookup(cloud: Cloud, token: string, inputs: JsonObject): JsonObject {
  if (token !== "aws:ssm/getParameter:getParameter") return {};
  const found = findBy(cloud, "aws:ssm/parameter:Parameter", "name", inputs.name);
  if (found === undefined) return {};
  const { arn, insecureValue, value, type, version } = found.properties;
  const text = insecureValue ?? value ?? "";
  return {
    value: text,
    insecureValue: text,
    ...(arn === undefined ? {} : { arn }),
    ...(type === undefined ? {} : { type }),
    ...(version === undefined ? {} : { version }),
  };
}
