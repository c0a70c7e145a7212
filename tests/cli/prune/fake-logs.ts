import type { FakeAccount } from "./fake-account";
import { type FakeRequest, type Handled, json, jsonRefusal, pageOf, Refusal } from "./fake-aws";

type Input = Readonly<Record<string, string>>;

export function answerLogs({ headers, body }: FakeRequest, account: FakeAccount): Handled | undefined {
  const operation = /^Logs_20140328\.(\w+)$/.exec(String(headers["x-amz-target"] ?? ""))?.[1];
  const answer = operation === undefined ? undefined : operations[operation];
  if (operation === undefined || answer === undefined) return undefined;
  const input = JSON.parse(body.toString()) as Input;
  const about = input.logGroupName ?? input.resourceArn ?? input.logGroupNamePrefix ?? "";
  return { call: { operation, about }, answer: () => json(answer(account, input)), refuse: jsonRefusal };
}

const lead = "arn:aws:logs:us-east-1:123456789012:log-group:";

const operations: Readonly<Record<string, (account: FakeAccount, input: Input) => unknown>> = {
  DescribeLogGroups: ({ logGroups }, { logGroupNamePrefix = "", nextToken }) => {
    const named = [...logGroups].filter(([name]) => name.startsWith(logGroupNamePrefix));
    const { items, next } = pageOf(named, nextToken);
    return {
      logGroups: items.map(([name, { createdAt, storedBytes }]) => ({
        logGroupName: name,
        creationTime: createdAt.getTime(),
        storedBytes,
        arn: `${lead}${name}:*`,
        logGroupArn: `${lead}${name}`,
      })),
      nextToken: next,
    };
  },
  ListTagsForResource: ({ logGroups }, { resourceArn = "" }) => {
    const found = logGroups.get(resourceArn.slice(lead.length));
    if (found === undefined)
      throw new Refusal("ResourceNotFoundException", "The specified log group does not exist.");
    return { tags: found.tags };
  },
  DeleteLogGroup: ({ logGroups }, { logGroupName = "" }) => {
    if (!logGroups.delete(logGroupName))
      throw new Refusal("ResourceNotFoundException", "The specified log group does not exist.");
    return {};
  },
};
