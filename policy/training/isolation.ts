import { undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { UNKNOWN } from "../values";
import { jobReads, jobsOf } from "./jobs";

const NAME = "enableNetworkIsolation";
const REMEDY = `Set ${NAME} to true, and bring weights and packages in as input channels or in the image.`;

export const isolation = resourceRule({
  id: "training-isolation",
  title: "Jobs without network access",
  sentence:
    "No training container can open connections, so no package in it can carry the data set or the role's credentials out.",
  severity: "high",
  level: "production",
  group: "training",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html",
  reads: jobReads(NAME),
  check: ({ type, properties }) =>
    jobsOf(type, properties).flatMap(({ prefix, path, properties: job }) => {
      if (job === UNKNOWN) return [undecided(path)];
      const value = at(job, NAME);
      const isolated = truth(value);
      if (isolated === "true") return [];
      if (isolated === "unknown") return [undecided(`${prefix}${NAME}`)];
      const meaning = isolated === "missing" ? ", and AWS takes false for it" : "";
      return [violation(`${prefix}${NAME} is ${shown(value)}${meaning}; only true is allowed. ${REMEDY}`)];
    }),
});
