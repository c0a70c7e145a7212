import assert from "node:assert/strict";
import { packTrainingCode } from "../../infra/training-code";
import { foundation } from "../support/foundation";
import { only, recordResources } from "../support/mocks";

describe("TrainingCode", () => {
  it("uploads the package under its digest and keeps earlier ones", async () => {
    const resources = await recordResources(() => foundation());

    const { inputs, options, dependencies } = only(resources, "aws:s3/bucketObjectv2:BucketObjectv2", "code");
    const { digest, archive } = packTrainingCode();
    assert.deepEqual(inputs, {
      bucket: "storage-output",
      key: `code/${digest}/sourcedir.tar.gz`,
      contentBase64: archive.toString("base64"),
      contentType: "application/gzip",
    });
    assert.deepEqual(options.ignoreChanges, ["contentBase64"]);
    assert.equal(options.retainOnDelete, true);
    assert.ok(dependencies.includes("storage-output-lifecycle"));
  });
});
