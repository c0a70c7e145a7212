import assert from "node:assert/strict";
import { CommandError } from "../../../cli/core/exit-status";
import { type RecoverRequest, recover } from "../../../cli/core/recover/recover";

/**
 * Protects: what `sagemaker-ops recover` asks of Pulumi, what it writes, and what it refuses. The engine's part is played; the real one
 * is in tests/engine/interruption.test.ts.
 */
const tags = { "sagemaker-ops:stack": "sagemaker-ops/dev" };
const provider = {
  urn: urnOf("pulumi:providers:aws", "aws"),
  type: "pulumi:providers:aws",
  custom: true,
  id: "1",
  inputs: { region: "us-east-1", defaultTags: JSON.stringify({ tags }) },
};
const usesProvider = { custom: true, provider: `${provider.urn}::1` };
const bucket = {
  ...usesProvider,
  urn: urnOf("aws:s3/bucket:Bucket", "storage"),
  type: "aws:s3/bucket:Bucket",
  inputs: { bucket: "storage-0a1b2c3" },
};
const key = { ...usesProvider, urn: urnOf("aws:kms/key:Key", "key"), type: "aws:kms/key:Key", inputs: {} };

describe("sagemaker-ops recover", () => {
  it("looks up what was begun under the name that Pulumi has drawn, and keeps the state first", async () => {
    const engine = new PlayedEngine([provider], [{ type: "creating", resource: bucket }]);
    engine.found[bucket.urn] = { tagsAll: tags };

    const status = await engine.recover({});

    assert.equal(status, 0);
    assert.deepEqual(engine.calls, [
      "cancel --stack dev --yes",
      "stack export --stack dev",
      "back up",
      "stack import --stack dev --file staged",
      `refresh --stack dev --yes --skip-preview --non-interactive --target ${bucket.urn}`,
      "stack export --stack dev",
    ]);
    assert.deepEqual(engine.resources.at(-1), {
      ...bucket,
      id: "storage-0a1b2c3",
      outputs: { tagsAll: tags },
    });
    assert.deepEqual(engine.pending, []);
  });

  it("only tells what it would do without leave", async () => {
    const engine = new PlayedEngine([provider], [{ type: "creating", resource: bucket }]);

    const status = await engine.recover({ yes: false });

    assert.equal(status, 0);
    assert.deepEqual(engine.calls, ["stack export --stack dev"]);
    assert.match(engine.said, /storage \(aws:s3\/bucket:Bucket\): looked up as storage-0a1b2c3/);
    assert.match(engine.said, /Nothing was changed/);
  });

  it("leaves out what AWS has not made", async () => {
    const engine = new PlayedEngine([provider], [{ type: "creating", resource: bucket }]);

    const status = await engine.recover({});

    assert.equal(status, 0);
    assert.deepEqual(engine.resources, [provider]);
    assert.match(engine.said, /storage: not made/);
  });

  it("does not take what belongs to somebody else into the state, where a destroy would delete it", async () => {
    const engine = new PlayedEngine([provider], [{ type: "creating", resource: bucket }]);
    engine.found[bucket.urn] = { tagsAll: { "sagemaker-ops:stack": "sagemaker-ops/prod" } };

    const status = await engine.recover({});

    assert.equal(status, 1);
    assert.deepEqual(engine.resources, [provider]);
    assert.match(
      engine.said,
      /Bucket storage-0a1b2c3: its tag sagemaker-ops:stack is "sagemaker-ops\/prod", expected "sagemaker-ops\/dev"/,
    );
  });

  it("asks for what only a person can look up, and changes no state before", async () => {
    const engine = new PlayedEngine([provider], [{ type: "creating", resource: key }]);

    const status = await engine.recover({});

    assert.equal(status, 2);
    assert.deepEqual(engine.calls, ["cancel --stack dev --yes", "stack export --stack dev"]);
    assert.match(
      engine.said,
      /--made key=<id>, as `pulumi import aws:kms\/key:Key` takes it, or --not-made key/,
    );
  });

  it("takes a person's answer, by name or by URN", async () => {
    for (const name of ["key", key.urn]) {
      const engine = new PlayedEngine([provider], [{ type: "creating", resource: key }]);
      engine.found[key.urn] = {};

      const status = await engine.recover({
        answers: { made: new Map([[name, "1234"]]), notMade: new Set() },
      });

      assert.equal(status, 0);
      assert.equal(engine.resources.at(-1)?.id, "1234");
    }
    const engine = new PlayedEngine([provider], [{ type: "creating", resource: key }]);

    const status = await engine.recover({ answers: { made: new Map(), notMade: new Set(["key"]) } });

    assert.equal(status, 0);
    assert.deepEqual(engine.resources, [provider]);
  });

  it("puts a successor before what it replaces, which is deleted next", async () => {
    const old = { ...bucket, id: "storage-9999999", inputs: { bucket: "storage-9999999" }, outputs: {} };
    const engine = new PlayedEngine([provider, old], [{ type: "creating", resource: bucket }]);
    engine.found[bucket.urn] = { tagsAll: tags };

    assert.equal(await engine.recover({}), 0);

    assert.deepEqual(
      engine.resources.map(({ id, delete: gone }) => [id, gone ?? false]),
      [
        ["1", false],
        ["storage-0a1b2c3", false],
        ["storage-9999999", true],
      ],
    );
  });

  it("reads what was being updated or deleted, and forgets what was only read", async () => {
    const made = { ...bucket, id: "storage-0a1b2c3", outputs: { tagsAll: tags } };
    for (const [type, read] of [
      ["updating", true],
      ["deleting", true],
      ["reading", false],
      ["importing", false],
    ] as const) {
      const engine = new PlayedEngine([provider, made], [{ type, resource: made }]);
      engine.found[bucket.urn] = { tagsAll: tags };

      assert.equal(await engine.recover({}), 0);

      assert.deepEqual(engine.pending, []);
      assert.equal(
        engine.calls.some((call) => call.startsWith("refresh")),
        read,
        type,
      );
      assert.equal(engine.resources.length, 2);
    }
  });

  it("frees a stack in which nothing is pending", async () => {
    const engine = new PlayedEngine([provider], []);

    assert.equal(await engine.recover({}), 0);
    assert.deepEqual(engine.calls, ["cancel --stack dev --yes", "stack export --stack dev"]);
  });

  for (const [what, state, message] of [
    ["no JSON", "locked", /not valid JSON/],
    ["a list", "[]", /no JSON object/],
    ["another version", '{"version":4,"deployment":{}}', /its version is 4, and only version 3 is known/],
    ["no deployment", '{"version":3}', /it has no deployment/],
    ["resources of another form", '{"version":3,"deployment":{"resources":[1]}}', /no list of resources/],
    [
      "an operation that it does not know",
      JSON.stringify({
        version: 3,
        deployment: { pending_operations: [{ type: "moving", resource: bucket }] },
      }),
      /a pending operation is of the type moving/,
    ],
  ] as const) {
    it(`refuses a state that is ${what}, and writes nothing`, async () => {
      const engine = new PlayedEngine([], []);
      engine.exported = state;

      await assert.rejects(engine.recover({}), (error: Error) => {
        assert.ok(error instanceof CommandError);
        assert.equal(error.status, 2);
        assert.match(error.message, message);
        return true;
      });

      assert.ok(!engine.calls.some((call) => /import|refresh|back up/.test(call)));
    });
  }

  it("ends with what Pulumi said where it refuses the state", async () => {
    const engine = new PlayedEngine([provider], [{ type: "creating", resource: bucket }]);
    engine.refuses = "stack import";

    await assert.rejects(engine.recover({}), (error: Error) => {
      assert.ok(error instanceof CommandError);
      assert.equal(error.status, 1);
      assert.match(error.message, /^pulumi stack import failed: the stack is locked$/);
      return true;
    });
  });
});

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly delete?: boolean;
  readonly custom?: boolean;
}

/** Keeps a state as the engine does, and knows what AWS has, by URN. */
class PlayedEngine {
  readonly calls: string[] = [];
  readonly found: Record<string, object> = {};
  exported: string | undefined;
  refuses: string | undefined;
  said = "";
  private staged = "";

  constructor(
    public resources: readonly Resource[],
    public pending: readonly object[],
  ) {}

  recover(request: Partial<RecoverRequest>): Promise<number> {
    const answers = { made: new Map<string, string>(), notMade: new Set<string>() };
    return recover(
      { stack: "dev", answers, yes: true, ...request },
      {
        pulumi: async (args) => this.pulumi(args),
        place: async (region) => ({
          ...{ accountId: "123456789012", partition: "aws", dnsSuffix: "amazonaws.com" },
          region,
        }),
        backUp: () => {
          this.calls.push("back up");
          return "kept.json";
        },
        stage: (state) => {
          this.staged = state;
          return "staged";
        },
        tell: (line) => {
          this.said += `${line}\n`;
        },
      },
    );
  }

  private pulumi(args: readonly string[]) {
    const line = args.join(" ");
    this.calls.push(line);
    if (this.refuses !== undefined && line.startsWith(this.refuses))
      return { status: 1, stdout: "", stderr: "the stack is locked" };
    if (line.startsWith("stack import")) {
      const { deployment } = JSON.parse(this.staged) as {
        deployment: { resources: Resource[]; pending_operations: object[] };
      };
      this.resources = deployment.resources;
      this.pending = deployment.pending_operations;
    }
    if (line.startsWith("refresh")) {
      this.resources = this.resources.flatMap((one): Resource[] => {
        if (!line.includes(one.urn) || one.delete === true) return [one];
        const outputs = this.found[one.urn];
        return outputs === undefined ? [] : [{ ...one, outputs } as Resource];
      });
    }
    const state = { version: 3, deployment: { resources: this.resources, pending_operations: this.pending } };
    return { status: 0, stdout: this.exported ?? JSON.stringify(state), stderr: "" };
  }
}

function urnOf(type: string, name: string): string {
  return `urn:pulumi:dev::sagemaker-ops::${type}::${name}`;
}
