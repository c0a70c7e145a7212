import { entriesOf } from "../entries";
import { type Finding, undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { instanceCount, type Job, jobReads, jobsOf, resourcesOf } from "./jobs";

const ALLOWED = ["FullyReplicated", "ShardedByS3Key"];
const SOURCE = "dataSource.s3DataSource";

/** A job on one instance has all of its data there. */
export const dataDistribution = resourceRule({
  id: "training-data-distribution",
  title: "Data of distributed jobs shared out on purpose",
  sentence:
    "Every S3 channel of a distributed job says whether each instance gets all of the data or a part of it.",
  severity: "low",
  level: "advisory",
  group: "training",
  remediation: `Set s3DataDistributionType of each channel to ${ALLOWED.join(" or ")}.`,
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html",
  reads: jobReads("inputDataConfigs", "resourceConfig"),
  check: ({ type, properties }) =>
    jobsOf(type, properties).flatMap((job) => {
      if (job.properties === UNKNOWN) return [undecided(job.path)];
      const counts = resourcesOf(job).map(({ value }) => instanceCount(value));
      const found = channels(job);
      if (counts.includes("unknown") && found.length > 0)
        return [undecided(`${job.prefix}resourceConfig.instanceCount`)];
      return counts.some((count) => count !== "unknown" && count > 1) ? found : [];
    }),
});

function channels({ prefix, properties }: Job): readonly Finding[] {
  return entriesOf(at(properties, "inputDataConfigs"), `${prefix}inputDataConfigs`).flatMap(
    ({ path, value }) => {
      const source = at(value, SOURCE);
      if (source === UNKNOWN) return [undecided(value === UNKNOWN ? path : `${path}.${SOURCE}`)];
      if (source === undefined) return [];
      const type = at(source, "s3DataDistributionType");
      if (type === UNKNOWN) return [undecided(`${path}.${SOURCE}.s3DataDistributionType`)];
      if (ALLOWED.some((allowed) => allowed === type)) return [];
      return [
        violation(
          `${path}.${SOURCE}.s3DataDistributionType is ${shown(type)} on several instances; allowed are ${ALLOWED.join(", ")}. Say which: with all of the data on each, the program must share it out.`,
        ),
      ];
    },
  );
}
