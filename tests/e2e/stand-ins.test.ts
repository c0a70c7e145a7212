import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import {
  CreateModelCommand,
  ListInferenceComponentsCommand,
  ListModelsCommand,
  ListTrainingJobsForHyperParameterTuningJobCommand,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { it } from "mocha";
import { describeWithPython } from "../training/describe-with-python";
import { type EmulatedServices, emulatedServices } from "./support/clients";
import { Containers } from "./support/containers";
import { type Front, startFront } from "./support/front";
import { type Moto, motoPackages, startMoto } from "./support/moto";
import { standIns } from "./support/stand-ins";

/**
 * Protects: that a stand-in before the emulator is there for what the emulator does not do, and does it as AWS documents it. Where an
 * emulator of a later version does it, the first test of a pair fails: the stand-in can go.
 */
describeWithPython(
  "what stands in for the emulator",
  (python) => {
    const Bucket = "storage";
    const hour = 3_600_000;
    let moto: Moto;
    let front: Front;
    let containers: Containers;
    /** Past the stand-ins, and by way of them. */
    let alone: EmulatedServices;
    let together: EmulatedServices;

    before(async () => {
      moto = await startMoto(python());
      alone = emulatedServices(moto.origin);
      containers = new Containers(python());
      front = await startFront(
        moto.origin,
        standIns({ services: alone, containers, front: () => front.origin, age: () => hour }),
      );
      together = emulatedServices(front.origin);
      await alone.s3.send(new CreateBucketCommand({ Bucket }));
      await alone.s3.send(new PutObjectCommand({ Bucket, Key: "source", Body: "weights" }));
    });
    after(async () => {
      for (const service of [...Object.values(alone ?? {}), ...Object.values(together ?? {})])
        service.destroy();
      await front?.close();
      await containers?.stop();
      await moto?.stop();
    });

    /** Name of the error; `done` where there was none. */
    const outcome = (call: Promise<unknown>) =>
      call.then(
        () => "done",
        ({ name, $metadata }) => ($metadata?.httpStatusCode === 500 ? "500" : name),
      );

    const copyTwice = async (s3: S3Client, Key: string) => {
      const copy = { Bucket, Key, CopySource: `${Bucket}/source`, IfNoneMatch: "*" };
      assert.equal(await outcome(s3.send(new CopyObjectCommand(copy))), "done");
      return outcome(s3.send(new CopyObjectCommand(copy)));
    };
    const copyChanged = (s3: S3Client, Key: string) =>
      outcome(
        s3.send(
          new CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/source`, CopySourceIfMatch: '"1"' }),
        ),
      );

    it("copies over what is there, and what has changed: the emulator alone", async () => {
      assert.equal(await copyTwice(alone.s3, "alone"), "done");
      assert.equal(await copyChanged(alone.s3, "alone"), "done");
    });

    it("copies neither: with the stand-ins", async () => {
      assert.equal(await copyTwice(together.s3, "together"), "PreconditionFailed");
      assert.equal(await copyChanged(together.s3, "changed"), "PreconditionFailed");
    });

    const put = (s3: S3Client, Key: string, of: string) =>
      outcome(s3.send(new PutObjectCommand({ Bucket, Key, Body: "weights", ChecksumSHA256: sha256(of) })));
    const toldOf = async (s3: S3Client, Key: string) =>
      (await s3.send(new HeadObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }))).ChecksumSHA256;

    it("takes in what does not fit its checksum: the emulator alone", async () => {
      assert.equal(await put(alone.s3, "wrong", "other weights"), "done");
    });

    it("refuses it, and tells the checksum of what fits: with the stand-ins", async () => {
      assert.equal(await put(together.s3, "refused", "other weights"), "BadDigest");
      assert.equal(await put(together.s3, "right", "weights"), "done");
      assert.equal(await toldOf(together.s3, "right"), sha256("weights"));
    });

    const missing = async (sagemaker: SageMakerClient) => [
      await outcome(sagemaker.send(new ListInferenceComponentsCommand({}))),
      await outcome(
        sagemaker.send(
          new ListTrainingJobsForHyperParameterTuningJobCommand({ HyperParameterTuningJobName: "search" }),
        ),
      ),
    ];

    it("lists no inference components and no trials: the emulator alone fails, with the stand-ins there are none", async () => {
      assert.deepEqual(await missing(alone.sagemaker), ["500", "500"]);
      assert.deepEqual(await missing(together.sagemaker), ["done", "done"]);
    });

    it("says of a function that is not there that it is not there: with the stand-ins", async () => {
      const call = () => new InvokeCommand({ FunctionName: "nobody:live", Payload: Buffer.from("{}") });

      assert.equal(await outcome(together.lambda.send(call())), "ResourceNotFoundException");
    });

    it("lists models as older by as much as was asked for", async () => {
      const ExecutionRoleArn = "arn:aws:iam::123456789012:role/model";
      await alone.sagemaker.send(new CreateModelCommand({ ModelName: "breeds", ExecutionRoleArn }));
      const madeAt = async ({ sagemaker }: EmulatedServices) =>
        (await sagemaker.send(new ListModelsCommand({}))).Models?.[0]?.CreationTime?.getTime() ?? 0;

      // In binary fractions of a second a millisecond may come out as its neighbour.
      const difference = (await madeAt(alone)) - (await madeAt(together));
      assert.equal(Math.round(difference / 10) * 10, hour);
    });
  },
  motoPackages,
);

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
