import { undecided } from "../findings";
import { at } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { volumeKeyFindings } from "../volume-key";
import { instancesOf, jobReads, jobsOf, resourcesOf } from "./jobs";

/** Types with local NVMe disks take no key; see `volumeKeyFindings`. */
export const kms = resourceRule({
  id: "training-kms",
  title: "Job volumes under a key of one's own",
  sentence:
    "The volumes of every training job are encrypted with a key that the account controls, where AWS takes one.",
  severity: "medium",
  level: "production",
  group: "training",
  remediation:
    "Set resourceConfig.volumeKmsKeyId to a key that the job's role may use; leave it out for types with local NVMe disks.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html",
  reads: jobReads("resourceConfig"),
  check: ({ type, properties }) =>
    jobsOf(type, properties).flatMap((job) => {
      if (job.properties === UNKNOWN) return [undecided(job.path)];
      return resourcesOf(job).flatMap((resources) =>
        volumeKeyFindings({
          use: job.use,
          keyPath: `${resources.path}.volumeKmsKeyId`,
          key: at(resources.value, "volumeKmsKeyId"),
          instances: instancesOf(resources),
        }),
      );
    }),
});
