import { advisory, type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { asObject, type Properties, UNKNOWN } from "../values";

const REMEDY =
  'Set metadataOptions.httpTokens to "required" (or metadataOptions.httpEndpoint to "disabled", if nothing on the instance asks for a role or a region).';

const INSTANCE = ["metadataOptions", "launchTemplate"];

/** Over instances and what instances are made from. Notebook instances have a rule of their own. */
export const imdsv2 = resourceRule({
  id: "compute-imdsv2",
  title: "Instance metadata by session only",
  sentence:
    "No instance answers a metadata request without a session token (IMDSv2), so a forged request cannot read its role's credentials.",
  severity: "high",
  level: "mandatory",
  group: "compute",
  standards: ["EC2.8", "EC2.170", "Autoscaling.3"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
  reads: {
    "aws:ec2/instance:Instance": INSTANCE,
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": INSTANCE,
    "aws:ec2/launchTemplate:LaunchTemplate": ["metadataOptions"],
    "aws:ec2/launchConfiguration:LaunchConfiguration": ["metadataOptions"],
  },
  check: ({ properties }) => judge(properties),
});

function judge({ metadataOptions, launchTemplate }: Properties): readonly Finding[] {
  if (metadataOptions === UNKNOWN) return [undecided("metadataOptions")];

  const { httpTokens, httpEndpoint } = asObject(metadataOptions) ?? {};
  if (httpTokens === "required" || httpEndpoint === "disabled") return [];
  if (httpTokens === UNKNOWN) return [undecided("metadataOptions.httpTokens")];
  if (httpEndpoint === UNKNOWN) return [undecided("metadataOptions.httpEndpoint")];
  if (httpTokens === undefined || httpTokens === null) return absent(launchTemplate);

  const value = typeof httpTokens === "string" ? JSON.stringify(httpTokens) : "no text";
  return [violation(`metadataOptions.httpTokens is ${value}; only "required" is allowed. ${REMEDY}`)];
}

// Without the setting the image and the account decide, and for most images that is "optional":
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html
function absent(launchTemplate: unknown): readonly Finding[] {
  if (launchTemplate !== undefined && launchTemplate !== null) {
    return [
      advisory(
        "metadataOptions.httpTokens comes from a launch template and is judged there, if this program has the template.",
      ),
    ];
  }
  return [
    violation(
      `metadataOptions.httpTokens is not set, so the image or the account may allow requests without a token. ${REMEDY}`,
    ),
  ];
}
