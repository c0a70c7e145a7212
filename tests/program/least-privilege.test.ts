import assert from "node:assert/strict";
import type { RecordedProgram, RecordedResource } from "../../plan/run-program";
import { anyResource } from "../fixtures/iam/any-resource";
import { rawStack } from "../support/raw-config";
import { flattenWhole, runEnvironment } from "../support/run-environment";

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
}

/** The documents as they reach AWS, wherever in the program they were made. */
describe("least privilege in the whole program", () => {
  for (const stack of ["dev", "staging", "prod"] as const) {
    describe(`of ${stack}`, () => {
      let program: RecordedProgram;
      const ofType = (type: string) => program.resources.filter((resource) => resource.type === type);
      /** Statements of the one document that a role has. */
      const statementsOf = (role: RecordedResource): readonly Statement[] => {
        const [policy, ...others] = ofType("aws:iam/rolePolicy:RolePolicy").filter(
          ({ inputs }) => inputs.role === role.outputs.name,
        );
        assert.deepEqual(others, []);
        return statements(policy?.inputs.policy);
      };

      before(async () => {
        program = await runEnvironment(flattenWhole(rawStack(stack)));
      });

      it("gives every role one document of its own, and nothing that is managed elsewhere", () => {
        const kinds = new Set(
          program.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:iam/")),
        );
        assert.deepEqual(
          [...kinds].filter(
            (type) =>
              !/\/(?:role:Role|rolePolicy:RolePolicy|policy:Policy|instanceProfile:InstanceProfile)$/.test(
                type,
              ),
          ),
          [],
          "users, groups and attachments have no place here",
        );
        const roles = ofType("aws:iam/role:Role");
        assert.ok(roles.length >= 4);
        for (const role of roles) {
          assert.deepEqual(
            Object.keys(role.inputs).filter((key) => /polic(?:y|ies)|managed/i.test(key)),
            ["assumeRolePolicy"],
            role.urn,
          );
          assert.ok(statementsOf(role).length > 0, role.urn);
        }
        assert.equal(ofType("aws:iam/rolePolicy:RolePolicy").length, roles.length);
      });

      it("allows by full names of actions, and any resource only where AWS has no finer one", () => {
        const documents = [
          ...ofType("aws:iam/rolePolicy:RolePolicy"),
          ...ofType("aws:iam/policy:Policy"),
        ].flatMap(({ urn, inputs }) => statements(inputs.policy).map((statement) => ({ urn, statement })));

        for (const { urn, statement } of documents) {
          assert.deepEqual(
            Object.keys(statement).filter(
              (key) => !["Sid", "Effect", "Action", "Resource", "Condition"].includes(key),
            ),
            [],
            urn,
          );
          assert.equal(statement.Effect, "Allow", urn);
          for (const action of statement.Action) assert.match(action, /^[a-z0-9]+:[A-Za-z]+$/, urn);
          assert.ok(statement.Resource.length > 0, urn);
          if (statement.Resource.includes("*"))
            assert.ok(Object.hasOwn(anyResource, statement.Sid), `${urn} ${statement.Sid}`);
          // A wildcard may end an ARN, and must not stand for a service or for the whole of its resources.
          for (const resource of statement.Resource.filter((arn) => arn !== "*"))
            assert.match(resource, /^arn:aws:[a-z0-9]+:[a-z0-9-]*:(?:\d{12}|\*?):[^*]/, urn);
        }
      });

      it("lets each function invoke its own endpoint, and nobody else any endpoint", () => {
        const functions = ofType("aws:lambda/function:Function");
        assert.ok(functions.length >= 1);

        const granted = ofType("aws:iam/role:Role").flatMap((role) =>
          statementsOf(role)
            .filter(({ Action }) => Action.some((action) => action.startsWith("sagemaker:InvokeEndpoint")))
            .map(({ Action, Resource }) => ({ role: role.outputs.arn, Action, Resource })),
        );

        assert.deepEqual(
          granted.sort(byRole),
          functions
            .map(({ inputs }) => {
              const { variables } = inputs.environment as { variables: Record<string, string> };
              return {
                role: inputs.role,
                Action: ["sagemaker:InvokeEndpoint"],
                Resource: [`arn:aws:sagemaker:us-east-1:123456789012:endpoint/${variables.ENDPOINT_NAME}`],
              };
            })
            .sort(byRole),
        );
        assert.equal(new Set(granted.map(({ role }) => role)).size, functions.length);
        assert.equal(new Set(granted.map(({ Resource }) => Resource[0])).size, functions.length);
      });

      it("gives other teams a policy for one alias each, and attaches it nowhere", () => {
        const aliases = ofType("aws:lambda/alias:Alias").map(({ outputs }) => outputs.arn);

        const policies = ofType("aws:iam/policy:Policy").map(({ inputs }) =>
          statements(inputs.policy).map(({ Action, Resource }) => ({ Action, Resource })),
        );

        assert.equal(policies.length, aliases.length);
        for (const arn of aliases) {
          const own = policies.filter((policy) =>
            policy.some(({ Resource }) => Resource.includes(String(arn))),
          );
          assert.equal(own.length, 1, String(arn));
        }
      });
    });
  }
});

function statements(document: unknown): readonly Statement[] {
  assert.equal(typeof document, "string");
  return (JSON.parse(document as string) as { Statement: Statement[] }).Statement;
}

function byRole(a: { role: unknown }, b: { role: unknown }): number {
  return String(a.role) < String(b.role) ? -1 : 1;
}
