import { undecided, violation } from "../findings";
import { at, isText } from "../nested";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { configurationReads } from "./reads";

const PATH = "asyncInferenceConfig.outputConfig.kmsKeyId";
const REMEDY = `Set ${PATH} to a key of the account that the endpoint's role may use.`;

export const asyncOutputKms = resourceRule({
  id: "endpoint-async-output-kms",
  title: "Asynchronous answers under a key of one's own",
  sentence:
    "The answers that an asynchronous endpoint writes are encrypted with a key that the account controls.",
  severity: "medium",
  level: "production",
  group: "endpoint",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AsyncInferenceOutputConfig.html",
  reads: configurationReads("asyncInferenceConfig"),
  check: ({ properties }) => {
    if (properties.asyncInferenceConfig === undefined || properties.asyncInferenceConfig === null) return [];
    const key = at(properties, PATH);
    if (key === UNKNOWN) return [undecided(PATH)];
    return isText(key) ? [] : [violation(`${PATH} names no key. ${REMEDY}`)];
  },
});
