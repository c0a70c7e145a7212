import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { it } from "mocha";
import { dataUpload } from "../../../cli/commands/data-upload";
import { type Moto, motoPackages, startMoto } from "../../e2e/support/moto";
import { keptEnvironment } from "../../support/environment";
import { describeWithPython } from "../../training/describe-with-python";
import { smallSet } from "./data-tools";

const MiB = 1024 * 1024;

/**
 * Against moto (https://docs.getmoto.org), which others wrote from S3's documentation. It checks no signature and no permission,
 * and tells the checksums that it was given; that S3 refuses what arrives damaged is the documentation's word.
 */
describeWithPython(
  "data upload to another emulator of S3",
  (python) => {
    const folder = mkdtempSync(join(tmpdir(), "sagemaker-ops-moto-"));
    const restore = keptEnvironment();
    let moto: Moto;
    let client: S3Client;
    let endpoint: string;

    before(async () => {
      Object.assign(process.env, {
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_REGION: "us-east-1",
        AWS_CONFIG_FILE: "/nowhere",
        AWS_SHARED_CREDENTIALS_FILE: "/nowhere",
      });
      delete process.env.AWS_PROFILE;
      moto = await startMoto(python());
      endpoint = moto.origin;
      client = new S3Client({ endpoint, forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: "data" }));
    });
    after(async () => {
      client?.destroy();
      await moto?.stop();
      restore();
      rmSync(folder, { recursive: true });
    });

    const send = async (more: { readonly pretrained?: string; readonly delete?: boolean } = {}) => {
      const said: string[] = [];
      const stream = { write: (text: string) => said.push(text) > 0 };
      const options = { bucket: "data", endpoint, concurrency: "4", set: true, ...more };
      const sizes = { multipartAbove: 5 * MiB, part: 5 * MiB };
      const own = { stdout: stream, stderr: stream, env: process.env };
      assert.equal(await dataUpload(join(folder, "set"), options, own, sizes), 0, said.join(""));
      return said.join("");
    };
    const keys = async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: "data" }));
      return Contents.map(({ Key }) => Key);
    };

    it("puts a data set and weights in parts, knows them again, and deletes what is not in the set", async () => {
      for (const [path, content] of smallSet()) {
        mkdirSync(dirname(join(folder, "set", path)), { recursive: true });
        writeFileSync(join(folder, "set", path), content);
      }
      const weights = randomBytes(12 * MiB);
      const pretrained = join(folder, "resnet50.pth");
      writeFileSync(pretrained, weights);

      const first = await send({ pretrained });
      const again = await send({ pretrained });

      assert.match(first, /^8 of 8 images uploaded/);
      assert.match(first, /Weights uploaded to/);
      assert.match(again, /^0 of 8 images uploaded .* 8 were there\./);
      assert.match(again, /Weights were at/);
      const { Body } = await client.send(
        new GetObjectCommand({ Bucket: "data", Key: "pretrained/resnet50.pth" }),
      );
      assert.ok(weights.equals((await Body?.transformToByteArray()) ?? new Uint8Array()));
      const expected = [...smallSet().keys(), "manifest.txt"].map((path) => `dogImages/${path}`);
      assert.deepEqual(await keys(), [...expected.sort(), "pretrained/resnet50.pth"]);

      rmSync(join(folder, "set/train/001.Red_vertical/Red_vertical_00002.jpg"));
      await send({ delete: true });
      assert.deepEqual(await keys(), [
        ...expected.filter((key) => !key.endsWith("train/001.Red_vertical/Red_vertical_00002.jpg")),
        "pretrained/resnet50.pth",
      ]);
    });
  },
  motoPackages,
);
