import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it } from "mocha";
import { dataUpload } from "../../../cli/commands/data-upload";
import { CommandError } from "../../../cli/core/exit-status";
import { dataTools, smallSet } from "./data-tools";
import { type S3Server, startS3Server } from "./s3-server";

/** Against the SDK's real client and a server on loopback that answers as S3 documents it. */
describe("data upload", () => {
  const { fresh, write, run } = dataTools();
  let s3: S3Server;
  const before: Record<string, string | undefined> = {};
  const environment = {
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
    AWS_PROFILE: "",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/nowhere",
    AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
  };
  beforeEach(async () => {
    s3 = await startS3Server();
    for (const [name, value] of Object.entries(environment)) {
      before[name] = process.env[name];
      process.env[name] = value;
    }
  });
  afterEach(async () => {
    await s3.close();
    for (const name of Object.keys(environment)) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  const set = () => write(fresh(), smallSet());
  const upload = (root: string, ...more: string[]) =>
    run(["upload", root, "--bucket", "data", "--endpoint", s3.url, ...more], process.env);
  const stored = () =>
    new Map([...s3.objects].map(([key, { content }]) => [key, content.toString("base64")]));
  const wanted = () =>
    new Map(
      [...smallSet()].map(([path, content]) => [
        `dogImages/${path}`,
        Buffer.from(content).toString("base64"),
      ]),
    );
  const puts = () => s3.requests.filter((request) => request.startsWith("PUT "));

  it("puts every image with its checksum, the manifest last, and prints what the stack takes", async () => {
    const root = set();

    const { status, stdout, stderr } = await upload(root);

    assert.equal(status, 0, stderr);
    const manifest = s3.objects.get("dogImages/manifest.txt")?.content ?? Buffer.alloc(0);
    const digest = createHash("sha256").update(manifest).digest("hex");
    assert.equal(
      stdout,
      [
        "8 of 8 images uploaded to s3://data/dogImages/ (4.9 kB), 0 were there.",
        `Manifest ${digest}`,
        "In a stack's configuration:",
        `  pulumi config set --path sagemaker-ops:storage.data.manifestDigest ${digest}`,
        "",
      ].join("\n"),
    );
    assert.equal(puts().at(-1), "PUT dogImages/manifest.txt");
    s3.objects.delete("dogImages/manifest.txt");
    assert.deepEqual(new Map([...stored()].sort()), new Map([...wanted()].sort()));
    assert.ok([...s3.objects.values()].every(({ type }) => type === "image/jpeg"));
  });

  it("sends nothing that is there, and what has changed again", async () => {
    const root = set();
    await upload(root);
    s3.requests.length = 0;
    const again = await upload(root);
    assert.match(again.stdout, /^0 of 8 images uploaded to .* \(0 bytes\), 8 were there\./);
    assert.deepEqual(puts(), ["PUT dogImages/manifest.txt"]);

    const key = "dogImages/train/001.Red_vertical/Red_vertical_00001.jpg";
    const object = s3.objects.get(key);
    assert.ok(object !== undefined);
    const other = Buffer.from(object.content);
    other[40] = (other[40] ?? 0) ^ 1;
    s3.objects.set(key, {
      ...object,
      content: other,
      checksum: createHash("sha256").update(other).digest("base64"),
    });
    s3.requests.length = 0;
    const mended = await upload(root);

    assert.match(mended.stdout, /^1 of 8 images uploaded/);
    assert.deepEqual(puts(), [`PUT ${key}`, "PUT dogImages/manifest.txt"]);
  });

  it("trusts no object that S3 has no SHA-256 checksum of", async () => {
    const root = set();
    for (const [path, content] of smallSet())
      s3.objects.set(`dogImages/${path}`, {
        content: Buffer.from(content),
        checksum: undefined,
        type: undefined,
      });

    const { stdout } = await upload(root);

    assert.match(stdout, /^8 of 8 images uploaded/);
  });

  it("refuses to mix data sets, before it sends anything, and deletes the others where it is told to", async () => {
    const root = set();
    for (const name of ["a", "b", "c", "d"])
      s3.objects.set(`dogImages/train/009.Old/${name}.jpg`, {
        content: Buffer.from("x"),
        checksum: undefined,
        type: undefined,
      });
    s3.objects.set("elsewhere/x.jpg", { content: Buffer.from("x"), checksum: undefined, type: undefined });
    s3.objects.set("dogImages/", { content: Buffer.alloc(0), checksum: undefined, type: undefined });

    const refused = await upload(root);
    assert.equal(refused.status, 1);
    assert.match(
      refused.stderr,
      /lie 4 objects that are not in the data set, and jobs would train on them: train\/009\.Old\/a\.jpg, train\/009\.Old\/b\.jpg, train\/009\.Old\/c\.jpg and 1 more\. Nothing was sent\./,
    );
    assert.deepEqual(puts(), []);

    const { status, stdout } = await upload(root, "--delete");
    assert.equal(status, 0);
    assert.match(stdout, /^4 other objects deleted\.$/m);
    assert.equal(s3.objects.has("elsewhere/x.jpg"), true);
    assert.equal([...s3.objects.keys()].filter((key) => key.includes("009.Old")).length, 0);
    assert.equal(s3.objects.size, 8 + 1 + 2);
  });

  it("gets over errors of the service and connections that are cut", async () => {
    s3.fault = ({ turn }) =>
      turn % 4 === 0
        ? { kind: "error", status: 503, code: "SlowDown" }
        : turn % 5 === 0
          ? { kind: "cut" }
          : undefined;

    const { status, stderr } = await upload(set(), "--concurrency", "2");

    assert.equal(status, 0, stderr);
    assert.equal(s3.objects.size, 9);
  }).timeout(60_000);

  it("ends where what arrives is not what was read", async () => {
    s3.fault = ({ method }) => (method === "PUT" ? { kind: "damage" } : undefined);

    const { status, stdout, stderr } = await upload(set());

    assert.equal(status, 1);
    assert.match(stderr, /has changed since it was read\. Run it again/);
    assert.equal(stdout, "");
    assert.equal(s3.objects.size, 0);
  });

  it("leaves no manifest where it did not get to its end, and goes on the next time", async () => {
    const root = set();
    s3.fault = ({ method, path }) =>
      method === "PUT" && path.includes("/test/")
        ? { kind: "error", status: 403, code: "AccessDenied" }
        : undefined;
    const stopped = await upload(root, "--concurrency", "1");
    assert.equal(stopped.status, 3);
    assert.match(stopped.stderr, /s3:PutObject of data\/dogImages\/test\/\S+ was refused/);
    assert.equal(s3.objects.has("dogImages/manifest.txt"), false);
    assert.equal(s3.objects.size, 6);

    s3.fault = () => undefined;
    s3.requests.length = 0;
    const { status } = await upload(root);

    assert.equal(status, 0);
    assert.equal(puts().length, 3);
  });

  it("uploads no data that has a problem", async () => {
    const root = set();
    rmSync(join(root, "valid"), { recursive: true });

    const { status, stderr } = await upload(root);

    assert.equal(status, 1);
    assert.match(stderr, /There is no folder valid/);
    assert.deepEqual(s3.requests, []);
  });

  describe("of a file in parts", () => {
    const sizes = { multipartAbove: 1000, part: 400 };
    const weights = () => {
      const file = `${fresh()}.safetensors`;
      writeFileSync(file, Buffer.from(Array.from({ length: 2500 }, (_, at) => (at * 7919) & 255)));
      return file;
    };
    const send = async (root: string, file: string) => {
      const said: string[] = [];
      const stream = { write: (text: string) => said.push(text) > 0 };
      const own = { stdout: stream, stderr: stream, env: process.env };
      const options = { bucket: "data", endpoint: s3.url, concurrency: "1", set: true, pretrained: file };
      try {
        return { status: await dataUpload(root, options, own, sizes), said: said.join("") };
      } catch (error) {
        if (!(error instanceof CommandError)) throw error;
        return { status: error.status, said: said.join("") + error.message };
      }
    };
    const parts = () => puts().filter((request) => request.includes("pretrained/"));

    it("puts it together again, and knows it the next time", async () => {
      const [root, file] = [set(), weights()];

      const first = await send(root, file);
      assert.equal(first.status, 0, first.said);
      const key = `pretrained/${file.split("/").at(-1)}`;
      assert.deepEqual(s3.objects.get(key)?.content, readFileSync(file));
      assert.match(s3.objects.get(key)?.checksum ?? "", /-7$/);
      assert.match(first.said, /Weights uploaded to s3:\/\/data\/pretrained\//);
      assert.equal(s3.uploads.size, 0);
      s3.requests.length = 0;
      const again = await send(root, file);

      assert.match(again.said, /Weights were at s3:\/\/data\/pretrained\//);
      assert.deepEqual(parts(), []);
    });

    it("goes on with the parts that are missing, and sends a part of another file again", async () => {
      const [root, file] = [set(), weights()];
      let seen = 0;
      s3.fault = ({ method, path }) =>
        method === "PUT" && path.startsWith("pretrained/") && ++seen > 5
          ? { kind: "error", status: 403, code: "AccessDenied" }
          : undefined;
      const stopped = await send(root, file);
      assert.equal(stopped.status, 3);
      const [upload] = s3.uploads.values();
      assert.equal(upload?.parts.size, 5);
      const foreign = Buffer.alloc(400);
      upload?.parts.set(2, {
        content: foreign,
        checksum: createHash("sha256").update(foreign).digest("base64"),
      });

      s3.fault = () => undefined;
      s3.requests.length = 0;
      const { status, said } = await send(root, file);

      assert.equal(status, 0, said);
      assert.equal(parts().length, 3);
      const key = `pretrained/${file.split("/").at(-1)}`;
      assert.deepEqual(s3.objects.get(key)?.content, readFileSync(file));
      assert.equal(s3.uploads.size, 0);
    });

    it("refuses weights that are none", async () => {
      const { status, said } = await send(set(), "/nowhere/resnet50.pth");

      assert.equal(status, 2);
      assert.match(said, /--pretrained is "\/nowhere\/resnet50\.pth"; it must be a state dict/);
    });
  });

  describe("to a stack", () => {
    /** A Pulumi CLI that answers from files and notes how it was called. */
    const withPulumi = (answers: { readonly state: string; readonly status?: number }) => {
      const folder = fresh();
      mkdirSync(folder);
      const log = join(folder, "log");
      writeFileSync(log, "");
      writeFileSync(join(folder, "state.json"), answers.state);
      writeFileSync(
        join(folder, "pulumi"),
        `#!/bin/sh\necho "$*" >> "${log}"\ncase "$1" in stack) cat "${join(folder, "state.json")}";; *) echo "not logged in" >&2; exit ${answers.status ?? 0};; esac\n`,
      );
      chmodSync(join(folder, "pulumi"), 0o755);
      const path = process.env.PATH;
      process.env.PATH = `${folder}${delimiter}${path}`;
      return {
        calls: () => readFileSync(log, "utf8").trim().split("\n"),
        restore: () => {
          process.env.PATH = path;
        },
      };
    };
    const state = JSON.stringify({
      deployment: {
        resources: [
          {
            type: "pulumi:pulumi:Stack",
            urn: "urn:pulumi:dev::sagemaker-ops::pulumi:pulumi:Stack::sagemaker-ops-dev",
            outputs: {
              contractVersion: "1",
              stack: "sagemaker-ops/dev",
              region: "us-east-1",
              accountId: "123456789012",
              endpoints: {},
              buckets: { data: "data", output: "output", models: "models" },
              dashboardUrl: "https://us-east-1.console.aws.amazon.com/dashboard",
              cost: {
                currency: "USD",
                monthlyUsd: 1,
                worstMonthlyUsd: 2,
                ceilingMonthlyUsd: 3,
                unpricedCount: 0,
              },
              jobs: {},
              pending: [],
            },
          },
        ],
      },
    });

    it("finds the bucket, and writes the digest into the configuration", async () => {
      const { calls, restore } = withPulumi({ state });
      try {
        const { status, stdout, stderr } = await run(
          ["upload", set(), "--stack", "dev", "--endpoint", s3.url],
          process.env,
        );

        assert.equal(status, 0, stderr);
        assert.equal(s3.objects.size, 9);
        assert.match(
          stdout,
          /Wrote storage\.data\.manifestDigest into the configuration of dev\. Next: npm run up -- --stack dev\n$/,
        );
        assert.match(
          calls()[1] ?? "",
          /^config set --path sagemaker-ops:storage\.data\.manifestDigest [0-9a-f]{64} --stack dev --non-interactive$/,
        );
      } finally {
        restore();
      }
    });
  });

  const wrong: readonly [string, readonly string[], RegExp][] = [
    ["no destination", [], /^No destination is named\. Give either --stack <name> or --bucket <name>\.$/],
    ["two destinations", ["--stack", "dev", "--bucket", "x"], /^Two destinations are named/],
    ["a prefix with a stack", ["--stack", "dev", "--prefix", "x/"], /^--prefix belongs to --bucket/],
    [
      "a prefix that is no folder",
      ["--bucket", "x", "--prefix", "dogImages"],
      /must be folders that end in a slash/,
    ],
    [
      "an endpoint that is no URL",
      ["--bucket", "x", "--endpoint", "localhost"],
      /^--endpoint is "localhost"/,
    ],
    ["no concurrency", ["--bucket", "x", "--concurrency", "0"], /^--concurrency is "0"/],
  ];
  for (const [what, args, message] of wrong) {
    it(`refuses ${what}`, async () => {
      const { status, stderr } = await run(["upload", set(), ...args]);

      assert.equal(status, 2);
      assert.match(stderr, message);
    });
  }
});
