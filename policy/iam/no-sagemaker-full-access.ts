import { advisory, type Finding, violation } from "../findings";
import { resourceRule, type Subject } from "../rule";
import { UNKNOWN } from "../values";
import { ARN_AND_ADDRESS_READS, attachedArns, unreadTemplates } from "./attached";
import { refuseAttached } from "./attached-policies";

export const FULL_ACCESS = "AmazonSageMakerFullAccess";

export const GRANT_INSTEAD =
  "Grant the actions that are used on the ARNs they are used on, for instance sagemaker:InvokeEndpoint on one endpoint.";

/** The managed policy by its ARN, in any partition and under any path, over every attach point of `attach-points.ts`. */
export const noSagemakerFullAccess = resourceRule({
  id: "iam-no-sagemaker-full-access",
  title: "No AmazonSageMakerFullAccess",
  sentence:
    "No principal has the managed policy AmazonSageMakerFullAccess, by whatever route it is attached.",
  severity: "critical",
  level: "mandatory",
  group: "iam",
  remediation: GRANT_INSTEAD,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol.html",
  reads: ARN_AND_ADDRESS_READS,
  check: (subject) => [
    ...refuseAttached(subject, ({ name }) => (name === FULL_ACCESS ? GRANT_INSTEAD : undefined)),
    ...wrongArns(subject),
    ...unreadTemplates(subject).map((path) =>
      advisory(
        `${path} is a template that is not read here, so nobody has looked whether it attaches ${FULL_ACCESS} or grants as much. Give the template itself as JSON or YAML.`,
      ),
    ),
  ],
});

function wrongArns(subject: Subject): readonly Finding[] {
  return attachedArns(subject)
    .filter(({ value }) => value !== UNKNOWN && typeof value !== "string")
    .map(({ path }) =>
      violation(`${path} is no text, so the policy it attaches cannot be told. Give the policy's ARN.`),
    );
}
