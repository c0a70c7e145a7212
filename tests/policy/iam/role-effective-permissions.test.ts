import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { roleEffectivePermissions } from "../../../policy/iam/role-effective-permissions";
import { UNKNOWN_STRING } from "../../support/policy-request";
import { analyzeStack, type StackResource, urnOf } from "../../support/stack-request";

const MODELS = {
  Statement: {
    Sid: "Models",
    Effect: "Allow",
    Action: ["sagemaker:*Model", "sagemaker:*Endpoint"],
    Resource: "*",
  },
};
const JOBS = {
  Statement: {
    Sid: "Jobs",
    Effect: "Allow",
    Action: ["sagemaker:*Job", "sagemaker:*NotebookInstance"],
    Resource: "*",
  },
};
const FULL = { Statement: { Sid: "All", Effect: "Allow", Action: "sagemaker:*", Resource: "*" } };
const ARN = "arn:aws:iam::123456789012:policy";

const role: StackResource = { type: "aws:iam/role:Role", name: "role", props: { name: "ml" } };
const user: StackResource = { type: "aws:iam/user:User", name: "user", props: { name: "ada" } };
const group: StackResource = { type: "aws:iam/group:Group", name: "group", props: { name: "team" } };

function inline(
  kind: "role" | "user" | "group",
  name: string,
  policy: unknown,
  more: Partial<StackResource> = {},
): StackResource {
  const Kind = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
  const names = { role: "ml", user: "ada", group: "team" };
  return {
    type: `aws:iam/${kind}Policy:${Kind}Policy`,
    name,
    props: { [kind]: names[kind], policy },
    ...more,
  };
}

function managed(name: string, policy: unknown, props: Record<string, unknown> = {}): StackResource {
  return { type: "aws:iam/policy:Policy", name, props: { name, policy, ...props } };
}

function attach(name: string, policyArn: string, more: Partial<StackResource> = {}): StackResource {
  return {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    name,
    props: { role: "ml", policyArn },
    ...more,
  };
}

async function check(...resources: StackResource[]) {
  const found = await analyzeStack([roleEffectivePermissions.policy()], resources);
  return found.map(({ level, message, urn }) => ({ level, urn, text: message.split("\n")[1] ?? "" }));
}

const ways: readonly [string, StackResource[]][] = [
  ["two inline policies", [inline("role", "a", MODELS), inline("role", "b", JSON.stringify(JOBS))]],
  [
    "an inline policy and the role's own list",
    [
      { ...role, props: { name: "ml", inlinePolicies: [{ name: "x", policy: MODELS }] } },
      inline("role", "b", JOBS),
    ],
  ],
  [
    "a customer-managed policy by its ARN",
    [managed("m", JOBS, { arn: `${ARN}/m` }), attach("a", `${ARN}/m`), inline("role", "b", MODELS)],
  ],
  [
    "one by its name alone, under a path",
    [managed("m", JOBS, { path: "/ml/" }), attach("a", `${ARN}/ml/m`), inline("role", "b", MODELS)],
  ],
  [
    "one whose ARN is unknown, by the dependency",
    [
      managed("m", JOBS),
      attach("a", UNKNOWN_STRING, { propertyDependencies: { policyArn: [urnOf(managed("m", JOBS))] } }),
      inline("role", "b", MODELS),
    ],
  ],
  [
    "a role whose name is unknown, by the dependency",
    [
      { ...role, props: { name: UNKNOWN_STRING } },
      inline("role", "a", MODELS, {
        props: { role: UNKNOWN_STRING, policy: MODELS },
        propertyDependencies: { role: [urnOf(role)] },
      }),
      inline("role", "b", JOBS, {
        props: { role: UNKNOWN_STRING, policy: JOBS },
        propertyDependencies: { role: [urnOf(role)] },
      }),
    ],
  ],
  [
    "the role's list of managed policies",
    [
      { ...role, props: { name: "ml", managedPolicyArns: [`${ARN}/m`, `${ARN}/n`] } },
      managed("m", JOBS),
      managed("n", MODELS),
    ],
  ],
  [
    "an exclusive list and a shared attachment",
    [
      managed("m", JOBS),
      managed("n", MODELS),
      {
        type: "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive",
        name: "e",
        props: { roleName: "ml", policyArns: [`${ARN}/m`] },
      },
      {
        type: "aws:iam/policyAttachment:PolicyAttachment",
        name: "p",
        props: { roles: ["other", "ml"], policyArn: `${ARN}/n` },
      },
    ],
  ],
  [
    "one policy that is attached twice and full by itself",
    [managed("m", FULL), attach("a", `${ARN}/m`), attach("b", `${ARN}/m`)],
  ],
];

describe("iam-role-effective-permissions", () => {
  for (const [what, resources] of ways) {
    it(`finds full access in ${what}`, async () => {
      const all = resources.some(({ name }) => name === "role") ? resources : [role, ...resources];

      const found = await check(...all);

      const about = found.filter(({ urn }) => urn === urnOf(role));
      assert.deepEqual(
        about.map(({ level }) => level),
        ["mandatory"],
      );
      assert.match(about[0]?.text ?? "", /^The role "(?:ml|role)" has full SageMaker access: statement/);
    });
  }

  it("names the statements with their policies", async () => {
    const [found] = await check(role, inline("role", "a", MODELS), inline("role", "b", JOBS));

    assert.match(
      found?.text ?? "",
      /statements Models of RolePolicy "a" and Jobs of RolePolicy "b" together reach 4 of SageMaker's areas/,
    );
  });

  it("adds a group's policies to those of its users, by either resource of membership", async () => {
    const membership: readonly StackResource[] = [
      {
        type: "aws:iam/userGroupMembership:UserGroupMembership",
        name: "m",
        props: { user: "ada", groups: ["team"] },
      },
      {
        type: "aws:iam/groupMembership:GroupMembership",
        name: "m",
        props: { group: "team", users: ["bob", "ada"] },
      },
    ];
    const policies = [inline("user", "a", MODELS), inline("group", "b", JOBS)];

    assert.deepEqual(await check(user, group, ...policies), []);
    for (const member of membership) {
      const found = await check(user, group, member, ...policies);
      assert.deepEqual(
        found.map(({ urn }) => urn),
        [urnOf(user)],
      );
      assert.match(found[0]?.text ?? "", /^The user "ada" has full SageMaker access/);
    }
  });

  it("does not add up what different roles have", async () => {
    const other = inline("role", "b", JOBS, { props: { role: "other", policy: JOBS } });

    assert.deepEqual(await check(role, inline("role", "a", MODELS), other), []);
  });

  it("joins the policies of a role that the program does not make, and tells of them at the first", async () => {
    const found = await check(inline("role", "a", MODELS), inline("role", "b", JOBS));

    assert.deepEqual(
      found.map(({ urn, level }) => [urn, level]),
      [[urnOf(inline("role", "a", MODELS)), "mandatory"]],
    );
  });

  it("lets a Deny of one policy count against an Allow of another", async () => {
    const deny = { Statement: { Effect: "Deny", Action: ["sagemaker:*", "iam:*"], Resource: "*" } };

    assert.deepEqual(await check(role, inline("role", "a", FULL), inline("role", "b", deny)), []);
  });

  const boundaries: readonly [string, unknown, RegExp][] = [
    [
      "that keeps it back",
      { Statement: { Effect: "Allow", Action: "s3:*", Resource: "*" } },
      /Its permissions boundary "limits" keeps that from it today, but takes nothing from the policies/,
    ],
    [
      "that lets it through",
      { Statement: { Effect: "Allow", Action: "*", Resource: "*" } },
      /Its permissions boundary "limits" would let it have that/,
    ],
  ];
  for (const [what, policy, says] of boundaries) {
    it(`stays a violation under a boundary ${what}, and says so`, async () => {
      const limits = managed("limits", policy, { arn: `${ARN}/limits` });
      for (const bounded of [
        { ...role, props: { name: "ml", permissionsBoundary: `${ARN}/limits` } },
        {
          ...role,
          props: { name: "ml", permissionsBoundary: UNKNOWN_STRING },
          propertyDependencies: { permissionsBoundary: [urnOf(limits)] },
        },
      ]) {
        const found = await check(limits, bounded, inline("role", "a", FULL));

        assert.deepEqual(
          found.map(({ level }) => level),
          ["mandatory"],
        );
        assert.match(found[0]?.text ?? "", says);
      }
    });
  }

  it("stays a violation under a boundary from outside, and says that it is not seen", async () => {
    const bounded = { ...role, props: { name: "ml", permissionsBoundary: `${ARN}/elsewhere` } };

    const [found] = await check(bounded, inline("role", "a", FULL));

    assert.equal(found?.level, "mandatory");
    assert.match(found?.text ?? "", /has a permissions boundary, which is not seen here and does not count/);
  });

  it("does not take a boundary for a policy of the role", async () => {
    const limits = managed("limits", FULL, { arn: `${ARN}/limits` });

    assert.deepEqual(
      await check(limits, { ...role, props: { name: "ml", permissionsBoundary: `${ARN}/limits` } }),
      [],
    );
  });

  it("says which policies are unknown, and which are given to nobody knows whom", async () => {
    const found = await check(
      role,
      inline("role", "a", UNKNOWN_STRING),
      attach("b", UNKNOWN_STRING),
      inline("role", "c", MODELS, { props: { role: UNKNOWN_STRING, policy: MODELS } }),
    );

    assert.deepEqual(
      found.map(({ level }) => level),
      ["advisory", "advisory", "advisory"],
    );
    assert.deepEqual(
      found.map(({ text }) => text.split(" is unknown")[0]),
      [
        'Not decided: policy of the RolePolicy "a", which the role "ml" has,',
        'Not decided: policyArn of the RolePolicyAttachment "b", which the role "ml" has,',
        'Not decided: role of the RolePolicy "c"',
      ],
    );
  });

  it("still refuses what is known beside an unknown", async () => {
    const found = await check(role, inline("role", "a", UNKNOWN_STRING), inline("role", "b", FULL));

    assert.deepEqual(found.map(({ level }) => level).sort(), ["advisory", "mandatory"]);
  });

  it("fails on no wrong type, and reports nothing of an empty stack", async () => {
    assert.deepEqual(await check(), []);
    const values = [17, true, null, [], {}, [[null]], "", [7], { a: 1 }];
    for (const [, resources] of ways) {
      for (const resource of [role, ...resources]) {
        for (const key of Object.keys(resource.props)) {
          for (const value of values) {
            const changed = { ...resource, props: { ...resource.props, [key]: value } };
            const found = await check(...resources.filter(({ name }) => name !== resource.name), changed);
            for (const { text } of found)
              assert.doesNotMatch(text, /the rule itself failed|undefined|\[object/);
          }
        }
      }
    }
  });
});
