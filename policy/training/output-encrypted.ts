import { undecided, violation } from "../findings";
import { at, isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { jobReads, jobsOf } from "./jobs";

const PATH = "outputDataConfig.kmsKeyId";
const REMEDY = `Set ${PATH} to a key of the account that the job's role may use.`;

export const outputEncrypted = resourceRule({
  id: "training-output-encrypted",
  title: "Artifacts under a key of one's own",
  sentence: "The model that a job writes is encrypted with a key that the account controls.",
  severity: "medium",
  level: "production",
  group: "training",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html",
  reads: jobReads("outputDataConfig"),
  check: ({ type, properties }) =>
    jobsOf(type, properties).flatMap(({ prefix, path, properties: job }) => {
      if (job === UNKNOWN) return [undecided(path)];
      const key = at(job, PATH);
      if (key === UNKNOWN) return [undecided(`${prefix}${PATH}`)];
      return isText(key) ? [] : [violation(`${prefix}${PATH} names no key. ${REMEDY}`)];
    }),
});
