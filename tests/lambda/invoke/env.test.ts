import assert from "node:assert/strict";
import { readSettings } from "../../../lambda/invoke/env";

const longestBucket = "a".repeat(63);
const complete = { ENDPOINT_NAME: "e", MODEL_NAME: "breeds", CLASS_COUNT: "133", MAX_IMAGE_BYTES: "4500000" };

describe("readSettings", () => {
  it("reads what must be there, and has a closed default for all else", () => {
    assert.deepEqual(readSettings({ ...complete, PATH: "/usr/bin", IMAGE_HOSTS: "" }), {
      endpointName: "e",
      modelName: "breeds",
      classCount: 133,
      maxImageBytes: 4500000,
      maxFetchBytes: 4500000,
      maxBatch: 1,
      allowedOrigins: [],
      imageHosts: [],
      imageBuckets: [],
      classLabels: undefined,
      failOnError: false,
    });
  });

  it("reads lists and limits", () => {
    const settings = readSettings({
      ...complete,
      MAX_FETCH_BYTES: "1000",
      MAX_BATCH: " 16\n",
      ALLOWED_ORIGINS: "https://A.example.org, http://localhost:5173",
      IMAGE_HOSTS: "s3.amazonaws.com,*.example.org",
      IMAGE_BUCKETS: `one-bucket,two.bucket,abc,${longestBucket}`,
      CLASS_LABELS: "labels.json",
      FAIL_ON_ERROR: "true",
    });

    assert.deepEqual(
      [
        settings.maxFetchBytes,
        settings.maxBatch,
        settings.allowedOrigins,
        settings.imageHosts,
        settings.imageBuckets,
        settings.classLabels,
        settings.failOnError,
      ],
      [
        1000,
        16,
        ["https://a.example.org", "http://localhost:5173"],
        ["s3.amazonaws.com", "*.example.org"],
        ["one-bucket", "two.bucket", "abc", longestBucket],
        "labels.json",
        true,
      ],
    );
  });

  it("names every variable that is missing or wrong at once", () => {
    assert.throws(() => readSettings({ MODEL_NAME: "", CLASS_COUNT: "0", MAX_IMAGE_BYTES: "4.5e6" }), {
      message:
        'The function\'s environment is wrong: ENDPOINT_NAME is not set; MODEL_NAME is not set; CLASS_COUNT is "0", and must be a whole number from 1 to 10000; MAX_IMAGE_BYTES is "4.5e6", and must be a whole number above 0.',
    });
  });

  const refused: readonly [string, string, RegExp][] = [
    ["MAX_BATCH", "101", /MAX_BATCH is "101", and must be a whole number from 1 to 100/],
    ["ALLOWED_ORIGINS", "https://a.example.org/", /ALLOWED_ORIGINS has "https:\/\/a\.example\.org\/"/],
    ["IMAGE_HOSTS", "https://example.org", /IMAGE_HOSTS has "https:\/\/example\.org"/],
    ["IMAGE_HOSTS", "localhost", /IMAGE_HOSTS has "localhost"/],
    ...["Bucket_One", "ab", `${longestBucket}a`, "-one", "one-", "one/two"].map(
      (bucket): [string, string, RegExp] => [
        "IMAGE_BUCKETS",
        bucket,
        new RegExp(`IMAGE_BUCKETS has "${bucket}", and must list names of buckets`),
      ],
    ),
    ["FAIL_ON_ERROR", "yes", /FAIL_ON_ERROR is "yes", and must be "true" or "false"/],
    ["CLASS_LABELS", "../labels.json", /CLASS_LABELS is "\.\.\/labels\.json"/],
    ["CLASS_LABELS", "..", /CLASS_LABELS is "\.\."/],
    ["MODEL_NAME", " ", /MODEL_NAME is not set/],
  ];
  for (const [name, value, message] of refused) {
    it(`refuses ${name}=${value}`, () => {
      assert.throws(() => readSettings({ ...complete, [name]: value }), { message });
    });
  }
});
