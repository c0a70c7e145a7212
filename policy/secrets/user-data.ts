import { resourceRule } from "../rule";
import { SECRET_REMEDY, scriptFindings } from "./findings-of";

const BOTH = ["userData", "userDataBase64"];

const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";

/** Over instances and what instances are made from. */
export const userData = resourceRule({
  id: "secrets-user-data",
  title: "No secrets in user data",
  sentence: "No user data holds a secret: every process on the instance can read it.",
  severity: "high",
  level: "mandatory",
  group: "secrets",
  remediation: SECRET_REMEDY,
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
  reads: {
    "aws:ec2/instance:Instance": BOTH,
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": BOTH,
    "aws:ec2/launchConfiguration:LaunchConfiguration": BOTH,
    [TEMPLATE]: ["userData"],
  },
  // A launch template takes base64 only; an instance takes text in one property and base64 in the other.
  check: ({ type, properties }) => [
    ...scriptFindings(properties.userData, "userData", type === TEMPLATE ? "base64" : "text"),
    ...scriptFindings(properties.userDataBase64, "userDataBase64", "base64"),
  ],
});
