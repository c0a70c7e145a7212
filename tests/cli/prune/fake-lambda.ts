import type { FakeAccount } from "./fake-account";
import { type FakeRequest, type Handled, json, jsonRefusal, Refusal } from "./fake-aws";

export function answerLambda({ method, url }: FakeRequest, account: FakeAccount): Handled | undefined {
  const name = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/.exec(url.pathname)?.[1];
  if (method !== "GET" || name === undefined) return undefined;
  return {
    call: { operation: "GetFunctionConfiguration", about: name },
    answer: () => {
      if (!account.functions.has(name))
        throw new Refusal("ResourceNotFoundException", `Function not found: ${name}`, 404);
      return json({ FunctionName: name });
    },
    refuse: jsonRefusal,
  };
}
