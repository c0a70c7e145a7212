import { undecided, violation } from "../findings";
import { shown } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { modelReads } from "./reads";

const REMEDY =
  "Set enableNetworkIsolation to true, and ship what the container downloads at its start in the image or the artifact. A serverless endpoint takes no isolation: exempt its model by name, with that reason.";

export const networkIsolation = resourceRule({
  id: "endpoint-network-isolation",
  title: "Models without network access",
  sentence:
    "No model container can open connections, so neither a request nor a package in it can carry data or credentials out.",
  severity: "high",
  level: "production",
  group: "endpoint",
  standards: ["SageMaker.5"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html",
  reads: modelReads("enableNetworkIsolation"),
  check: ({ properties: { enableNetworkIsolation: value } }) => {
    const isolated = truth(value);
    if (isolated === "true") return [];
    if (isolated === "unknown") return [undecided("enableNetworkIsolation")];
    const meaning = isolated === "missing" ? ", and AWS takes false for it" : "";
    return [
      violation(`enableNetworkIsolation is ${shown(value)}${meaning}; only true is allowed. ${REMEDY}`),
    ];
  },
});
