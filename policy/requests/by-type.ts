import type { Policies } from "@pulumi/policy";
import type { Rule } from "../rule";
import type { Call, Handler } from "./sdk";

/** What the SDK says of the rules that look at the type, and of all others. */
export interface Answer {
  /** @default - no rule looks at the type */
  readonly own: unknown;
  /** As the engine is sent it. */
  readonly others: Buffer;
}

export interface ByType {
  /**
   * @param request the request as the SDK reads it; not asked for where no rule looks at the type.
   * @throws what the SDK gives as its error.
   */
  answer(type: string, request: () => Call): Promise<Answer>;
  /** To be called whenever the engine configures the pack, as rules may be off from then on. */
  forget(): void;
}

interface Part {
  /** The SDK's handler with the policies that look at the type alone. @default - there are none */
  readonly own: Handler | undefined;
  readonly others: Buffer;
}

/**
 * Of ninety rules a handful look at any one type. The SDK asks the others as well, for every resource, with arguments made for each, catches an
 * exception from most, and makes a message of each to tell the engine that it does not apply. Here it is asked once per type for those.
 */
export function byType(
  rules: readonly Rule[],
  policies: Policies,
  handlerOf: (policies: Policies) => Handler,
  toBytes: (response: unknown) => Buffer,
): ByType {
  const rulesById = new Map(rules.map((rule) => [rule.id, rule]));
  let parts = new Map<string, Part>();

  const learn = async (type: string, call: Call): Promise<Part> => {
    const isConcerned = ({ name }: Policies[number]) => {
      const rule = rulesById.get(name);
      return rule === undefined || (rule.kind === "resource" && Object.hasOwn(rule.reads, type));
    };
    const concerned = policies.filter(isConcerned);
    const others = policies.filter((policy) => !isConcerned(policy));
    return {
      own: concerned.length === 0 ? undefined : handlerOf(concerned),
      others: toBytes(await ask(handlerOf(others), call)),
    };
  };

  return {
    answer: async (type, request) => {
      let part = parts.get(type);
      if (part === undefined) {
        const current = parts;
        part = await learn(type, request());
        current.set(type, part);
      }
      const { own, others } = part;
      return { own: own === undefined ? undefined : await ask(own, request()), others };
    },
    forget: () => {
      parts = new Map();
    },
  };
}

/** What a handler of the SDK answers. Rejects with its error. */
export function ask(handler: Handler, call: Call): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const running = handler(call, (error, response) => {
      if (error === undefined || error === null) resolve(response);
      else reject(error);
    });
    // The SDK gives what its policies throw to the callback, and rejects with an error of its own.
    Promise.resolve(running).catch(reject);
  });
}
