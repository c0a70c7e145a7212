import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { PackError, PolicyError } from "../../plan/errors";
import { type PackRun, runPack as runPackOn, type Verdict } from "../../plan/run-pack";
import type { RecordedProgram } from "../../plan/run-program";
import { resourceNamed, runFixture } from "./fixture-programs";

function pack(name: string, changes: Partial<PackRun> = {}): PackRun {
  return { directory: join(__dirname, "..", "fixtures", "packs", name), ...changes };
}

async function runPack(pack: PackRun, program: RecordedProgram): Promise<Verdict[]> {
  return (await runPackOn(pack, program, { project: "any", stack: "dev" })).verdicts;
}

function brief(verdicts: Verdict[]): string[] {
  return verdicts.map((v) => `${v.level} ${v.policy} ${v.urn.split("::").pop()}: ${v.message}`);
}

describe("plan/run-pack", () => {
  let aws: RecordedProgram;
  let component: RecordedProgram;

  before(async () => {
    aws = await runFixture("typescript");
    component = await runFixture("component");
  });

  it("reports a resource policy's violation with its level, severity, link and what to do", async () => {
    const verdicts = await runPack(pack("resource"), aws);

    assert.deepEqual(verdicts, [
      {
        policy: "needs-tag",
        level: "mandatory",
        severity: "high",
        urn: "urn:pulumi:dev::typescript::aws:s3/bucket:Bucket::data",
        message: 'It has no tag "owner".',
        description: "Buckets name who owns them.",
        url: "https://example.com/needs-tag",
        remediationSteps: "Add the tag.",
      },
    ]);
  });

  it("gives stack policies simulated outputs, and puts what names no resource on the stack", async () => {
    const verdicts = await runPack(pack("stack"), aws);

    const role = resourceNamed(aws, "reader");
    const bucket = aws.resources.find((resource) => resource.type === "aws:s3/bucket:Bucket");
    assert.deepEqual(brief(verdicts), [
      `mandatory role-named-after-bucket reader: ${role.outputs.arn} may not read ${bucket?.outputs.arn}.`,
      "advisory no-urn typescript-dev: 5 resources",
    ]);
  });

  it("reports an unknown in a preview as the SDK does: advisory, whatever the policy's level", async () => {
    const verdicts = await runPack(pack("stack"), await runFixture("typescript", { preview: true }));

    assert.equal(verdicts.length, 2);
    const unknown = verdicts.find((verdict) => verdict.policy === "role-named-after-bucket");
    assert.equal(unknown?.level, "advisory");
    assert.match(
      unknown?.message ?? "",
      /can't run policy 'role-named-after-bucket' .* string value at \.arn can't be known during preview/,
    );
  });

  describe("what a policy is given", () => {
    async function seen(program: RecordedProgram, policy: string): Promise<Record<string, unknown>[]> {
      const verdicts = await runPack(pack("seen"), program);
      return verdicts.filter((v) => v.policy === policy).map((v) => JSON.parse(v.message));
    }

    it("is a resource's inputs after Check, its options, and its provider with region", async () => {
      const [bucket] = (await seen(aws, "see-resource")).filter((r) => r.type === "aws:s3/bucket:Bucket");
      const name = aws.outputs.bucket;

      assert.deepEqual(bucket, {
        type: "aws:s3/bucket:Bucket",
        urn: "urn:pulumi:dev::typescript::aws:s3/bucket:Bucket::data",
        name: "data",
        opts: {
          protect: false,
          ignoreChanges: [],
          aliases: [],
          customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
          additionalSecretOutputs: [],
          parent: "urn:pulumi:dev::typescript::pulumi:pulumi:Stack::typescript-dev",
        },
        props: { bucket: name, tags: { team: "dogs" } },
        provider: {
          type: "pulumi:providers:aws",
          urn: "urn:pulumi:dev::typescript::pulumi:providers:aws::default_7_48_0",
          name: "default_7_48_0",
          props: { region: "eu-west-1", version: "7.48.0" },
        },
      });
    });

    it("is a policy document as text, as the provider's Check leaves it", async () => {
      const [role] = (await seen(aws, "see-resource")).filter((r) => r.type === "aws:iam/role:Role");

      assert.equal(typeof (role?.props as Record<string, unknown> | undefined)?.assumeRolePolicy, "string");
    });

    it("are options in the policy SDK's own words, durations in seconds", async () => {
      const [disk] = (await seen(component, "see-resource")).filter((r) => r.name === "shelf-disk");

      assert.deepEqual(disk?.opts, {
        protect: true,
        ignoreChanges: ["size"],
        deleteBeforeReplace: false,
        aliases: ["urn:pulumi:dev::component::acme:storage/disk:Disk::older-disk"],
        customTimeouts: { createSeconds: 5400, updateSeconds: 0, deleteSeconds: 0 },
        additionalSecretOutputs: [],
        parent: "urn:pulumi:dev::component::acme:storage:Shelf::shelf",
      });
    });

    it("are a stack's resources with parent, dependencies per property, and default providers", async () => {
      const resources = await seen(component, "see-stack");
      const disk = "urn:pulumi:dev::component::acme:storage:Shelf$acme:storage/disk:Disk::shelf-disk";

      assert.deepEqual(
        resources.find((r) => String(r.urn).endsWith("::shelf-label")),
        {
          urn: "urn:pulumi:dev::component::acme:storage:Shelf$acme:storage/label:Label::shelf-label",
          parent: "urn:pulumi:dev::component::acme:storage:Shelf::shelf",
          dependencies: [disk],
          propertyDependencies: { text: [disk] },
          keys: ["text"],
        },
      );
      assert.ok(resources.some((r) => String(r.urn).includes("::pulumi:providers:acme::default")));
    });

    it("are secrets in clear and assets as objects, as the engine sends them, while the record hides them", async () => {
      const found = await seen(await runFixture("secrets-assets"), "see-resource");
      const store = found.find((r) => r.name === "store")?.props as Record<string, unknown>;
      const code = found.find((r) => r.name === "function")?.props;

      assert.equal(store.token, "hunter2-token");
      assert.equal(store.url, "https://hunter2-token@store");
      assert.deepEqual(code, { code: "AssetArchive", readme: "FileAsset" });
    });

    it("leaves out what the program only reads", async () => {
      const program = await runFixture("stack-reference", {
        fixtures: { stackReferences: { "organization/network/dev": { vpcId: "vpc-1" } } },
      });

      assert.deepEqual(
        (await seen(program, "see-stack")).map((r) => r.urn),
        ["urn:pulumi:dev::stack-reference::pulumi:pulumi:Stack::stack-reference-dev"],
      );
    });
  });

  it("shows a remediation's change to later remediations, to analysis and to stack policies, and reports it", async () => {
    const verdicts = await runPack(pack("remediation"), component);

    assert.deepEqual(brief(verdicts), [
      "remediate encrypt shelf-disk: The policy changes encrypted.",
      "remediate label shelf-disk: The policy changes label.",
    ]);
  });

  it("remediates nothing at another level, so that the analysis finds the violation", async () => {
    const verdicts = await runPack(pack("remediation", { config: { label: "disabled" } }), component);

    assert.deepEqual(brief(verdicts), [
      "mandatory labelled shelf-disk: It has no label.",
      "mandatory labelled-in-stack shelf-disk: It has no label.",
      "remediate encrypt shelf-disk: The policy changes encrypted.",
    ]);
  });

  it("leaves the record as it was after a remediation", async () => {
    const before = JSON.stringify(component);

    await runPack(pack("remediation"), component);

    assert.equal(JSON.stringify(component), before);
    assert.equal((await runPack(pack("remediation"), component)).length, 2);
  });

  describe("configuration", () => {
    async function echoed(config: PackRun["config"]): Promise<string[]> {
      return brief(await runPack(pack("configured", config === undefined ? {} : { config }), component));
    }

    it("fills schema defaults, then the pack's own settings, which make a policy advisory, then the given ones", async () => {
      assert.deepEqual(await echoed(undefined), [
        "mandatory other component-dev: other",
        'advisory echo component-dev: {"a":"schema","b":"pack","c":"pack"}',
      ]);
      assert.deepEqual(await echoed({ echo: { c: "given", d: { x: [1] } } }), [
        "mandatory other component-dev: other",
        'advisory echo component-dev: {"a":"schema","b":"pack","c":"given","d":{"x":[1]}}',
      ]);
    });

    it("applies a level to all policies, and a policy's own level over it", async () => {
      assert.deepEqual(
        await echoed({ all: "advisory", other: "mandatory", echo: { enforcementLevel: "disabled" } }),
        ["mandatory other component-dev: other"],
      );
    });

    it("forgets one run's configuration before the next", async () => {
      await echoed({ echo: { a: "first" } });

      assert.ok((await echoed(undefined))[1]?.includes('"a":"schema"'));
    });

    it("refuses what the schema forbids and names that nobody has, all at once", async () => {
      const config = {
        "needs-tag": { tag: 3, limit: 10, mode: "none", tga: "x", enforcementLevel: "obligatory" },
        "need-tag": "mandatory",
      };

      await assert.rejects(runPack(pack("resource", { config }), aws), (thrown: unknown) => {
        assert.ok(thrown instanceof PackError);
        assert.equal(
          thrown.message,
          [
            "The configuration of policy pack resource-pack does not fit:",
            '  - needs-tag: "obligatory" is no enforcement level; use one of advisory, mandatory, remediate, disabled',
            "  - need-tag: the pack has no such policy; it has needs-tag",
            '  - needs-tag: "tag" must be string, got 3',
            '  - needs-tag: "limit" must be at most 9, got 10',
            '  - needs-tag: "mode" must be one of "strict", "lax", got "none"',
            '  - needs-tag: "tga" is not a setting of this policy; it has limit, mode, tag',
          ].join("\n"),
        );
        return true;
      });
    });
  });

  describe("failures", () => {
    it("names the policy and the resource when a policy throws, without a stack trace", async () => {
      await assert.rejects(runPack(pack("throwing"), component), (thrown: unknown) => {
        assert.ok(thrown instanceof PolicyError);
        assert.equal(thrown.policy, "careless");
        assert.equal(
          thrown.urn,
          "urn:pulumi:dev::component::acme:storage:Shelf$acme:storage/disk:Disk::shelf-disk",
        );
        assert.match(
          thrown.message,
          /^Policy "careless" failed on urn:.*: TypeError: Cannot read properties of undefined/,
        );
        assert.doesNotMatch(thrown.message, /\n\s+at /);
        return true;
      });
    });

    it("names a throwing stack policy, and keeps a message of several lines", async () => {
      const config = { careless: "disabled", "careless-stack": "mandatory" };

      await assert.rejects(runPack(pack("throwing", { config }), component), (thrown: unknown) => {
        assert.ok(thrown instanceof PolicyError);
        assert.equal(thrown.policy, "careless-stack");
        assert.equal(thrown.urn, undefined);
        assert.match(
          thrown.message,
          /^Policy "careless-stack" failed on the stack: Error: first line\nsecond line\. A policy/,
        );
        return true;
      });
    });

    const refusals: [string, RegExp][] = [
      ["missing", /^The policy pack directory .*missing does not exist\. Check --policy-pack\.$/],
      ["not-a-pack", /is no policy pack: it has no package\.json/],
      ["no-pack", /index\.js constructs no PolicyPack/],
      ["broken", /could not be loaded: no prices for this region$/],
      ["no-version", /could not be loaded: Version must be defined in the package\.json file\.$/],
      ["bad-name", /refused by its SDK: Invalid policy pack name "no spaces allowed"/],
      ["two-packs", /refused by its SDK: Already serving policy pack 'one'/],
    ];
    for (const [name, message] of refusals) {
      it(`refuses the pack "${name}" with its reason`, async () => {
        await assert.rejects(runPack(pack(name), component), (thrown: unknown) => {
          assert.ok(thrown instanceof PackError, String(thrown));
          assert.match(thrown.message, message);
          return true;
        });
      });
    }
  });

  it("starts no server", async () => {
    const listened: string[] = [];
    const prototype = Object.getPrototypeOf(createServer()) as Server;
    const { listen } = prototype;
    prototype.listen = function (this: Server, ...args: unknown[]) {
      listened.push(String(args[0]));
      return this;
    } as typeof prototype.listen;
    try {
      await runPack(pack("resource"), aws);
    } finally {
      prototype.listen = listen;
    }

    assert.deepEqual(listened, []);
  });

  it("tells which policies ran, at which levels", async () => {
    const { name, version, policies } = (
      await runPackOn(pack("configured"), aws, { project: "any", stack: "dev" })
    ).pack;

    assert.deepEqual([name, version], ["configured-pack", "1.2.3"]);
    assert.deepEqual(
      policies.map((policy) => [policy.name, policy.kind, policy.level]),
      [
        ["echo", "stack", "advisory"],
        ["other", "stack", "mandatory"],
      ],
    );
  });
});
