import { resourceRule } from "../rule";
import { volumeKeyFindings } from "../volume-key";
import { CONFIGURATION, NATIVE_CONFIGURATION } from "./reads";
import { instancesOf, variantsOf } from "./variants";

const VARIANTS = ["productionVariants", "shadowProductionVariants"] as const;

/** Types with local NVMe disks and serverless variants take no key; see `volumeKeyFindings`. */
export const kms = resourceRule({
  id: "endpoint-kms",
  title: "Endpoint volumes under a key of one's own",
  sentence:
    "The volumes of every endpoint are encrypted with a key that the account controls, where AWS takes one.",
  severity: "medium",
  level: "production",
  group: "endpoint",
  remediation:
    "Set kmsKeyArn (kmsKeyId in aws-native) to a key that the endpoint's role may use; leave it out for types with local NVMe disks.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html",
  reads: {
    [CONFIGURATION]: [...VARIANTS, "kmsKeyArn"],
    [NATIVE_CONFIGURATION]: [...VARIANTS, "kmsKeyId"],
  },
  check: ({ type, properties }) => {
    const keyPath = type === CONFIGURATION ? "kmsKeyArn" : "kmsKeyId";
    const instances = instancesOf(variantsOf(properties, ...VARIANTS));
    return volumeKeyFindings({ use: "hosting", keyPath, key: properties[keyPath], instances });
  },
});
