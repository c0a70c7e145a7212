import assert from "node:assert/strict";
import { type PolicyDocument, renderPolicy, type Statement } from "../../infra/iam/document";
import { type Need, needs } from "../fixtures/iam/needs";
import { holders, permissions } from "../fixtures/iam/stack";
import { isAllowed } from "../support/iam-evaluator";

const without = <T>(items: readonly T[], index: number): T[] => items.filter((_, other) => other !== index);

function unmet(document: PolicyDocument, wanted: readonly Need[]): Need[] {
  const identity = [renderPolicy(document)];
  return wanted.filter((need) => !isAllowed({ identity }, need));
}

/** The document with one statement replaced by others: none, or narrower ones. */
function replaced(document: PolicyDocument, index: number, by: readonly Statement[]): PolicyDocument {
  return { ...document, Statement: document.Statement.toSpliced(index, 1, ...by) };
}

for (const holder of holders) {
  describe(`the permissions of ${holder}`, () => {
    const document = permissions[holder];
    const wanted = needs[holder];

    it(`meet each of its ${wanted.length} declared needs`, () => {
      assert.deepEqual(unmet(document, wanted), []);
    });

    it("leave a need unmet when any one statement is removed", () => {
      const idle = document.Statement.filter(
        (_, index) => unmet(replaced(document, index, []), wanted).length === 0,
      );

      assert.deepEqual(
        idle.map(({ Sid }) => Sid),
        [],
      );
    });

    it("leave a need unmet when any one action is removed", () => {
      const idle = document.Statement.flatMap((statement, index) =>
        statement.Action.filter((_, at) => {
          const Action = without(statement.Action, at);
          const narrower = Action.length === 0 ? [] : [{ ...statement, Action }];
          return unmet(replaced(document, index, narrower), wanted).length === 0;
        }).map((action) => `${statement.Sid}: ${action}`),
      );

      assert.deepEqual(idle, []);
    });

    it("leave a need unmet when any one resource is removed", () => {
      const idle = document.Statement.flatMap((statement, index) => {
        const resources = statement.Resource ?? [];
        return resources
          .filter((_, at) => {
            const Resource = without(resources, at);
            const narrower = Resource.length === 0 ? [] : [{ ...statement, Resource }];
            return unmet(replaced(document, index, narrower), wanted).length === 0;
          })
          .map((resource) => `${statement.Sid}: ${resource}`);
      });

      assert.deepEqual(idle, []);
    });

    it("leave a need unmet when any one value of a condition is removed", () => {
      const idle = document.Statement.flatMap((statement, index) =>
        conditionKeys(statement).flatMap(({ operator, key, values }) =>
          values
            .filter((_, at) => {
              const Condition = {
                ...statement.Condition,
                [operator]: { ...statement.Condition?.[operator], [key]: without(values, at) },
              };
              return unmet(replaced(document, index, [{ ...statement, Condition }]), wanted).length === 0;
            })
            .map((value) => `${statement.Sid}: ${key} ${value}`),
        ),
      );

      assert.deepEqual(idle, []);
    });

    it("are refused as soon as the circumstances of a need differ", () => {
      const identity = [renderPolicy(document)];
      const elsewhere = wanted.flatMap((need) =>
        Object.keys(need.context).flatMap((key) => {
          const { [key]: _, ...rest } = need.context;
          return [
            { ...need, context: rest },
            { ...need, context: { ...need.context, [key]: "elsewhere" } },
          ];
        }),
      );

      assert.deepEqual(
        elsewhere.filter((request) => isAllowed({ identity }, request)),
        [],
      );
    });

    it("have no condition that shuts nothing out", () => {
      const elsewhere = wanted.flatMap((need) =>
        Object.keys(need.context).map((key) => ({
          ...need,
          context: { ...need.context, [key]: "elsewhere" },
        })),
      );
      const idle = document.Statement.flatMap((statement, index) =>
        conditionKeys(statement)
          .filter(({ operator, key }) => {
            const { [key]: _, ...keys } = statement.Condition?.[operator] ?? {};
            const Condition = { ...statement.Condition, [operator]: keys };
            const identity = [renderPolicy(replaced(document, index, [{ ...statement, Condition }]))];
            return !elsewhere.some((request) => isAllowed({ identity }, request));
          })
          .map(({ key }) => `${statement.Sid}: ${key}`),
      );

      assert.deepEqual(idle, []);
    });
  });
}

function conditionKeys({ Condition = {} }: Statement) {
  return Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => ({
      operator,
      key,
      values: typeof value === "string" ? [value] : value,
    })),
  );
}
