import assert from "node:assert/strict";
import { Bucket } from "@pulumi/aws/s3";
import { getParameterOutput } from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import { countByType, only, recordResources } from "./mocks";

class Box extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("test:index:Box", name, {}, opts);
    const first = new Bucket(`${name}-first`, {}, { parent: this, protect: true, ignoreChanges: ["tags"] });
    new Bucket(`${name}-second`, { bucket: pulumi.interpolate`${first.bucket}-copy` }, { parent: this });
    this.registerOutputs();
  }
}

describe("recordResources", () => {
  it("records inputs, parents, options and dependencies", async () => {
    const resources = await recordResources(() => new Box("box"));

    assert.deepEqual(countByType(resources), { "aws:s3/bucket:Bucket": 2, "test:index:Box": 1 });
    assert.deepEqual(only(resources, "aws:s3/bucket:Bucket", "box-first"), {
      type: "aws:s3/bucket:Bucket",
      name: "box-first",
      inputs: {},
      parent: "box",
      custom: true,
      options: {
        protect: true,
        retainOnDelete: false,
        deleteBeforeReplace: false,
        ignoreChanges: ["tags"],
        replaceOnChanges: [],
      },
      dependencies: [],
    });
    assert.deepEqual(only(resources, "aws:s3/bucket:Bucket", "box-second").inputs, {
      bucket: "box-first-copy",
    });
    assert.deepEqual(only(resources, "aws:s3/bucket:Bucket", "box-second").dependencies, ["box-first"]);
  });

  it("waits for the end of a chain of twenty resources", async () => {
    const resources = await recordResources(() => {
      let previous = new Bucket("b0");
      for (let index = 1; index < 20; index++) {
        previous = new Bucket(`b${index}`, { bucket: pulumi.interpolate`${previous.bucket}x` });
      }
    });

    assert.equal(resources.length, 20);
    assert.equal(only(resources, "aws:s3/bucket:Bucket", "b19").inputs.bucket, `b0${"x".repeat(19)}`);
  });

  it("starts anew each time", async () => {
    const first = await recordResources(() => new Box("box"));
    const second = await recordResources(() => new Box("box"));

    assert.deepEqual(second, first);
  });

  it("rejects when the program throws, at once or in an Output that a resource waits for", async () => {
    await assert.rejects(
      recordResources(() => {
        throw new Error("at once");
      }),
      /at once/,
    );
    await assert.rejects(
      recordResources(() => {
        const bucket = new Bucket("first");
        new Bucket("second", {
          bucket: bucket.id.apply((): string => {
            throw new Error("later");
          }),
        });
      }),
      /later/,
    );
  });

  it("names the invoke that has no answer", async () => {
    await assert.rejects(
      recordResources(() => {
        new Bucket("first", { bucket: getParameterOutput({ name: "/x" }).value });
        return pulumi.output(pulumi.runtime.invoke("aws:index/getUnknown:getUnknown", {})).apply(() => 0);
      }),
      /aws:index\/getUnknown:getUnknown/,
    );
  });
});
