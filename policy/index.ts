import { PolicyPack } from "@pulumi/policy";
import { serveFast } from "./requests/serve";
import { rules } from "./rules";
import { shareProperties } from "./shared-properties";

shareProperties();

// The engine reads a port from the first line on stdout, so nothing else here may print.
serveFast(rules, () => {
  new PolicyPack("sagemaker-guard", { policies: rules.map((rule) => rule.policy()) });
});
