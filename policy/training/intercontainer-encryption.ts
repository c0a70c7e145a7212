import { undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { UNKNOWN } from "../values";
import { instanceCount, jobReads, jobsOf, resourcesOf } from "./jobs";

const NAME = "enableInterContainerTrafficEncryption";
const REMEDY = `Set ${NAME} to true, and open UDP port 500 and protocol 50 within the job's security group.`;

/** A job on one instance has no such traffic. */
export const intercontainerEncryption = resourceRule({
  id: "training-intercontainer-encryption",
  title: "Encrypted traffic between a job's instances",
  sentence:
    "What the instances of a distributed job tell each other, gradients and with them the data, is encrypted.",
  severity: "medium",
  level: "production",
  group: "training",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html",
  reads: jobReads(NAME, "resourceConfig"),
  check: ({ type, properties }) =>
    jobsOf(type, properties).flatMap((job) => {
      if (job.properties === UNKNOWN) return [undecided(job.path)];
      const value = at(job.properties, NAME);
      const encrypted = truth(value);
      if (encrypted === "true") return [];
      return resourcesOf(job).flatMap((resources) => {
        const instances = instanceCount(resources.value);
        if (instances === "unknown") return [undecided(`${resources.path}.instanceCount`)];
        if (instances <= 1) return [];
        if (encrypted === "unknown") return [undecided(`${job.prefix}${NAME}`)];
        return [
          violation(
            `${job.prefix}${NAME} is ${shown(value)} on ${instances} instances; only true is allowed. ${REMEDY}`,
          ),
        ];
      });
    }),
});
