import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "../../plan/errors";
import { programDirectory, resourceNamed, runFixture } from "./fixture-programs";

function programError(message: RegExp | string) {
  return (thrown: unknown) => {
    assert.ok(thrown instanceof ProgramError, inspect(thrown));
    if (typeof message === "string") assert.equal(thrown.message, message);
    else assert.match(thrown.message, message);
    assert.doesNotMatch(thrown.message, /\n\s+at /);
    return true;
  };
}

class Disk extends pulumi.CustomResource {}

function idOf(resource: pulumi.CustomResource): Promise<string> {
  return new Promise((resolve) => resource.id.apply(resolve));
}

describe("plan/run-program", () => {
  describe("what it records", () => {
    it("records a plain JavaScript program's resources sorted by URN, with dependencies per property", async () => {
      const program = await runFixture("plain-js");

      assert.deepEqual(
        program.resources.map((resource) => resource.urn),
        [
          "urn:pulumi:dev::plain-js::acme:storage/disk:Disk::first",
          "urn:pulumi:dev::plain-js::acme:storage/disk:Disk::second",
          "urn:pulumi:dev::plain-js::pulumi:pulumi:Stack::plain-js-dev",
        ],
      );
      const second = resourceNamed(program, "second");
      assert.deepEqual(second.dependencies, ["urn:pulumi:dev::plain-js::acme:storage/disk:Disk::first"]);
      assert.deepEqual(second.propertyDependencies, {
        after: ["urn:pulumi:dev::plain-js::acme:storage/disk:Disk::first"],
      });
      assert.equal(second.inputs.after, resourceNamed(program, "first").id);
      assert.equal(second.parent, "urn:pulumi:dev::plain-js::pulumi:pulumi:Stack::plain-js-dev");
      assert.equal(program.outputs.diskId, second.id);
    });

    it("runs a TypeScript program on the AWS provider's classes, with names, ARNs and a default provider", async () => {
      const program = await runFixture("typescript");

      const bucket = resourceNamed(
        { ...program, resources: program.resources.filter((r) => /Bucket$/.test(r.type)) },
        "data",
      );
      assert.match(bucket.id, /^data-[0-9a-f]{7}$/);
      assert.deepEqual(bucket.inputs, { tags: { team: "dogs" } });
      assert.deepEqual(bucket.options, {});
      assert.equal(bucket.outputs.bucketRegionalDomainName, `${bucket.id}.s3.eu-west-1.amazonaws.com`);
      assert.equal(bucket.provider, "urn:pulumi:dev::typescript::pulumi:providers:aws::default_7_48_0");
      assert.deepEqual(program.outputs, {
        bucket: bucket.id,
        region: "eu-west-1",
        roleArn: `arn:aws:iam::123456789012:role/${resourceNamed(program, "reader").id}`,
      });
      assert.deepEqual(
        program.defaultProviders.map((p) => [p.urn, p.inputs]),
        [
          [
            "urn:pulumi:dev::typescript::pulumi:providers:aws::default_7_48_0",
            { region: "eu-west-1", version: "7.48.0" },
          ],
        ],
      );
    });

    it("records a component's children, their options and its outputs", async () => {
      const program = await runFixture("component");
      const shelf = resourceNamed(program, "shelf");
      const disk = resourceNamed(program, "shelf-disk");
      const label = resourceNamed(program, "shelf-label");

      assert.equal(shelf.custom, false);
      assert.equal(shelf.id, "");
      assert.deepEqual(shelf.outputs, { diskId: disk.id });
      assert.equal(
        disk.urn,
        "urn:pulumi:dev::component::acme:storage:Shelf$acme:storage/disk:Disk::shelf-disk",
      );
      assert.equal(disk.parent, shelf.urn);
      assert.deepEqual(disk.options, {
        protect: true,
        retainOnDelete: true,
        ignoreChanges: ["size"],
        replaceOnChanges: ["kind"],
        deleteBeforeReplace: false,
        customTimeouts: { create: "1h30m" },
        aliases: [
          { name: "old-disk", parent: shelf.urn },
          "urn:pulumi:dev::component::acme:storage/disk:Disk::older-disk",
        ],
      });
      assert.deepEqual(label.dependencies, [disk.urn]);
      assert.deepEqual(label.options, { deletedWith: disk.urn });
    });

    it("puts the types of all parents into a URN, as the engine does", async () => {
      assert.equal(
        resourceNamed(await runFixture("nested"), "disk").urn,
        "urn:pulumi:dev::nested::acme:storage:Rack$acme:storage:Shelf$acme:storage/disk:Disk::disk",
      );
    });

    it("applies a component's and the stack's transforms in the engine's order", async () => {
      const disk = resourceNamed(await runFixture("transforms"), "disk");

      assert.deepEqual(disk.inputs, { size: 9, tags: { team: "dogs" } });
      assert.deepEqual(disk.options, { protect: true });
    });

    it("gives each resource the region of its own provider, of its own region input, or of the config", async () => {
      const program = await runFixture("providers");
      const region = (arn: unknown) => String(arn).split(":")[3];

      assert.equal(region(program.outputs.there), "ap-northeast-1");
      assert.equal(region(program.outputs.here), "eu-west-1");
      assert.equal(region(program.outputs.elsewhere), "us-west-2");
      assert.equal(resourceNamed(program, "there").provider, resourceNamed(program, "tokyo").urn);
    });

    it("waits for resources that come after file reads, timers and outputs that nobody awaits", async () => {
      const program = await runFixture("late");

      assert.deepEqual(
        program.resources.filter((resource) => resource.custom).map((resource) => resource.name),
        ["late", "later"],
      );
    });

    it("runs a program written as an ES module and one that exports an async function", async () => {
      const esm = await runFixture("esm");
      const exported = await runFixture("default-function");

      assert.equal(esm.outputs.diskId, resourceNamed(esm, "disk").id);
      assert.equal(exported.outputs.diskId, resourceNamed(exported, "disk").id);
    });

    it("keeps what the program logs, and sends what it prints to standard error", async () => {
      const write = process.stderr.write;
      const printed: string[] = [];
      process.stderr.write = ((text: string) => printed.push(text) > 0) as typeof process.stderr.write;
      try {
        const program = await runFixture("logs");

        assert.deepEqual(program.messages, [
          { severity: "info", message: "two zones" },
          { severity: "warning", message: "no owner" },
        ]);
      } finally {
        process.stderr.write = write;
      }
      assert.deepEqual(printed, ["printed by the program\n"]);
    });
  });

  describe("secrets and assets", () => {
    it("shows a secret nowhere in the record, however deep, and marks what is built from one", async () => {
      const program = await runFixture("secrets-assets");
      const store = resourceNamed(program, "store");

      assert.deepEqual(store.inputs, {
        key: "k-123",
        nested: { list: ["plain", "[secret]"] },
        password: "[secret]",
        token: "[secret]",
        url: "[secret]",
      });
      assert.equal(store.outputs.key, "[secret]");
      assert.equal(store.outputs.token, "[secret]");
      assert.equal(program.outputs.token, "[secret]");
      const everything = JSON.stringify(program) + inspect(program, { depth: 50, showHidden: true });
      assert.ok(!everything.includes("hunter2-token"));
    });

    it("shows assets and archives by digest and size, whether from text, promise, file or folder", async () => {
      const { inputs } = resourceNamed(await runFixture("secrets-assets"), "function");
      const directory = programDirectory("secrets-assets");
      const manifest = readFileSync(join(directory, "package.json"));
      const handler = readFileSync(join(directory, "code", "handler.js"));

      assert.deepEqual(inputs.readme, {
        asset: createHash("sha256").update(manifest).digest("hex"),
        bytes: manifest.length,
      });
      const code = inputs.code as Record<string, unknown>;
      assert.deepEqual(Object.keys(code), ["archive", "bytes"]);
      assert.match(String(code.archive), /^[0-9a-f]{64}$/);
      assert.equal(code.bytes, 26 + handler.length);
    });
  });

  describe("fixtures", () => {
    it("answers the common AWS look-ups without any fixture, the same each time", async () => {
      const first = await runFixture("invokes");
      const second = await runFixture("invokes");

      assert.deepEqual(first, second);
      assert.equal(first.outputs.accountId, "123456789012");
      assert.match(String(first.outputs.ami), /^ami-[0-9a-f]{17}$/);
      assert.deepEqual(JSON.parse(String(first.outputs.policy)), {
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }],
      });
      assert.deepEqual(
        first.fixtures.map((fixture) => [fixture.token, fixture.source]),
        [
          ["aws:iam/getPolicyDocument:getPolicyDocument", "simulated"],
          ["aws:index/getCallerIdentity:getCallerIdentity", "simulated"],
          ["aws:ssm/getParameter:getParameter", "simulated"],
        ],
      );
    });

    it("prefers a declared answer, and picks a case by the call's arguments", async () => {
      const program = await runFixture("invokes", {
        fixtures: {
          "aws:index/getCallerIdentity:getCallerIdentity": { accountId: "210987654321" },
          "aws:ssm/getParameter:getParameter": [
            { when: { name: "/other" }, result: { value: "ami-other" } },
            { result: { value: "ami-declared" } },
          ],
        },
      });

      assert.equal(program.outputs.accountId, "210987654321");
      assert.equal(program.outputs.ami, "ami-declared");
    });

    it("refuses an invoke without a fixture, naming the function and how to declare it", async () => {
      await assert.rejects(
        runFixture("invokes", { config: { "invokes:askZone": "true" } }),
        programError(
          "The program calls acme:dns/getZone:getZone, which needs a provider, and no fixture answers it " +
            '(arguments: name). Declare its result with --fixtures FILE: {"acme:dns/getZone:getZone": {"<property>": <value>}}.',
        ),
      );
    });

    it("refuses a missing fixture even when the program catches the failure", async () => {
      await assert.rejects(
        runFixture("invoke-caught"),
        programError(/^The program calls acme:dns\/getZone:getZone/),
      );
    });

    it("plays a declared failure to the program", async () => {
      const program = await runFixture("invoke-caught", {
        fixtures: { "acme:dns/getZone:getZone": [{ error: "no such zone" }] },
      });

      assert.deepEqual(program.outputs, { zone: "none: no such zone" });
    });

    it("reads another stack's outputs from the fixtures, and refuses an undeclared stack", async () => {
      const program = await runFixture("stack-reference", {
        fixtures: { stackReferences: { "organization/network/dev": { vpcId: "vpc-1" } } },
      });

      assert.deepEqual(program.outputs, { vpcId: "vpc-1" });
      await assert.rejects(
        runFixture("stack-reference", { fixtures: { stackReferences: { "organization/other/dev": {} } } }),
        programError(
          'The program reads the outputs of stack "organization/network/dev", which the plan cannot see. ' +
            "Declared are: organization/other/dev. Declare them with --fixtures FILE: " +
            '{"stackReferences": {"organization/network/dev": {"<output>": <value>}}}.',
        ),
      );
    });
  });

  describe("failures", () => {
    it("passes on the message of a program that throws", async () => {
      await assert.rejects(runFixture("throws"), programError("the config has no owner"));
    });

    it("passes on a rejection that the program never handles", async () => {
      await assert.rejects(runFixture("rejects"), programError("the lookup was refused"));
    });

    it("names the property whose input was rejected", async () => {
      await assert.rejects(
        runFixture("rejected-input"),
        programError('error serializing property "size": no size known'),
      );
    });

    it("refuses two resources with one URN", async () => {
      await assert.rejects(
        runFixture("duplicate"),
        programError(/^Duplicate resource URN 'urn:pulumi:dev::duplicate::acme:storage\/disk:Disk::disk'/),
      );
    });

    it("fails when the program logs an error, as an update does", async () => {
      const write = process.stderr.write;
      process.stderr.write = (() => true) as typeof process.stderr.write;
      try {
        await assert.rejects(
          runFixture("logs", { config: { "logs:broken": "true" } }),
          programError("no region"),
        );
      } finally {
        process.stderr.write = write;
      }
    });

    it("says which input a program waits for in vain", async () => {
      await assert.rejects(
        runFixture("never-finishes"),
        programError(/nothing will resolve the input "size" of resource "disk" \[acme:storage\/disk:Disk\]/),
      );
    });

    it("gives up on a program that keeps a timer open", async () => {
      await assert.rejects(
        runFixture("stays-busy", { timeoutSeconds: 0.1 }),
        programError(/^The program was still busy after 0\.1 seconds \(open: Timeout\)/),
      );
    });

    it("survives a program that calls process.exit", async () => {
      await assert.rejects(runFixture("exits"), programError(/^The code called process\.exit\(0\)/));
    });

    it("leaves working directory, standard output and error handlers as they were, after success and failure", async () => {
      const state = () => [
        process.cwd(),
        process.stdout.write,
        process.exit,
        process.listeners("unhandledRejection"),
        process.listeners("uncaughtException"),
      ];
      const before = state();

      await runFixture("plain-js");
      await assert.rejects(runFixture("throws"));

      assert.deepEqual(state(), before);
    });
  });

  describe("independence", () => {
    it("evaluates the program's own modules anew for each run", async () => {
      const first = await runFixture("plain-js");
      const second = await runFixture("plain-js");

      assert.equal(first.outputs.evaluations, 1);
      assert.equal(second.outputs.evaluations, 1);
    });

    it("keeps runs apart that are started together", async () => {
      const [dev, prod] = await Promise.all([
        runFixture("plain-js"),
        runFixture("plain-js", { stack: "prod", project: "other" }),
      ]);

      assert.ok(dev.resources.every((resource) => resource.urn.startsWith("urn:pulumi:dev::plain-js::")));
      assert.ok(prod.resources.every((resource) => resource.urn.startsWith("urn:pulumi:prod::other::")));
      assert.equal(dev.resources.length, prod.resources.length);
    });
  });

  it("leaves the process's own use of the SDK alone", async () => {
    const mocks = { newResource: () => ({ id: "mine", state: {} }), call: () => ({}) };
    await pulumi.runtime.setMocks(mocks, "mine", "mine");

    await runFixture("plain-js");

    assert.equal(pulumi.getStack(), "mine");
    assert.equal(pulumi.getProject(), "mine");
    const resource = new Disk("acme:storage/disk:Disk", "mine", {});
    assert.equal(await idOf(resource), "mine");
  });

  describe("preview", () => {
    it("leaves unknown what a provider computes, and knows inputs and automatic names", async () => {
      const program = await runFixture("typescript", { preview: true });
      const bucket = program.resources.find((resource) => resource.type === "aws:s3/bucket:Bucket");

      assert.equal(bucket?.id, "");
      assert.equal(bucket?.outputs.arn, "[unknown]");
      assert.match(String(bucket?.outputs.bucket), /^data-[0-9a-f]{7}$/);
      assert.equal(program.outputs.roleArn, "[unknown]");
      assert.equal(program.outputs.region, "eu-west-1");
    });
  });
});
