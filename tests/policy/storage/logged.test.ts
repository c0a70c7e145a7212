import { logged } from "../../../policy/storage/logged";
import { describeRule } from "../../support/rule-cases";

const TYPES = ["aws:s3/bucketLogging:BucketLogging", "aws:s3/bucketLoggingV2:BucketLoggingV2"];

describeRule(logged, {
  pass: TYPES.map((type) => ({ title: type, type, props: { bucket: "data", targetBucket: "logs" } })),
  violate: [
    ...TYPES.map((type) => ({
      title: `${type} into the bucket itself`,
      type,
      props: { bucket: "data", targetBucket: "data" },
      says: /targetBucket is data, the bucket that is logged/,
    })),
    {
      title: "a log into nowhere",
      type: TYPES[0] ?? "",
      props: { bucket: "data", targetBucket: "" },
      says: /targetBucket names no bucket/,
    },
  ],
});
