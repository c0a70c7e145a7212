import { undecided, violation } from "../findings";
import { shown } from "../nested";
import { firstMatch, patterns } from "../patterns";
import { resourceRule } from "../rule";
import { UNKNOWN } from "../values";
import { CONFIGURATION, MODEL, NATIVE_CONFIGURATION, NATIVE_MODEL } from "./reads";

const NAME: Readonly<Record<string, string>> = {
  [MODEL]: "name",
  [CONFIGURATION]: "name",
  [NATIVE_MODEL]: "modelName",
  [NATIVE_CONFIGURATION]: "endpointConfigName",
};

const REMEDY =
  "Leave the name out, so that Pulumi makes one (or use namePrefix on a configuration); fix only the endpoint's own name.";

/**
 * Models and configurations are replaced at every change, and an endpoint sees a new one only by its new name.
 *
 * In a preview or update the provider has already filled in a generated name when the rule sees it, and nothing marks it as
 * generated: it is the resource's own name with a hyphen and seven hexadecimal digits
 * (https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming). Whoever writes exactly such a name by hand passes.
 */
export const noFixedNames = resourceRule({
  id: "endpoint-no-fixed-names",
  title: "Models and configurations under generated names",
  sentence:
    "No model or endpoint configuration has a fixed name, under which a new one could not be made before the one in service is gone.",
  severity: "high",
  level: "mandatory",
  group: "endpoint",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html",
  reads: Object.fromEntries(Object.entries(NAME).map(([type, name]) => [type, [name]])),
  fields: {
    generated: patterns(
      ["-(?=[0-9a-f]*[a-f])(?=[0-9a-f]*[0-9])[0-9a-f]{8,64}$"],
      "What names look like that change with the content, or that an autonaming pattern of the project makes. By default those that end in a hash of eight or more hexadecimal digits.",
    ),
  },
  check: ({ type, name: logicalName, properties }, { generated }) => {
    const path = NAME[type] ?? "name";
    const value = properties[path];
    if (value === undefined || value === null || value === "") return [];
    if (value === UNKNOWN) return [undecided(path)];
    if (typeof value === "string") {
      if (value.startsWith(`${logicalName}-`) && /^[0-9a-f]{7}$/.test(value.slice(logicalName.length + 1))) {
        return [];
      }
      if (firstMatch(generated, value) !== undefined) return [];
    }
    return [
      violation(
        `${path} is ${shown(value)}, a fixed name: a change deletes the resource that is in service before the new one exists, or fails because the name is taken. ${REMEDY}`,
      ),
    ];
  },
});
