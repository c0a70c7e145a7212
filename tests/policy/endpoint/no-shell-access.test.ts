import { noShellAccess } from "../../../policy/endpoint/no-shell-access";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

describeRuleWithUnknowns(noShellAccess, {
  pass: [
    {
      title: "variants that say nothing",
      type: CONFIGURATION,
      props: { productionVariants: [{ variantName: "AllTraffic" }] },
    },
    {
      title: "access switched off",
      type: NATIVE,
      props: { productionVariants: [{ enableSsmAccess: false }] },
    },
  ],
  violate: [
    {
      title: "access to a variant",
      type: CONFIGURATION,
      props: { productionVariants: [{ enableSsmAccess: false }, { enableSsmAccess: true }] },
      says: /productionVariants\[1\]\.enableSsmAccess is true, so a session can be opened where requests are answered\. Leave it out/,
    },
    {
      title: "access to a shadow of aws-native",
      type: NATIVE,
      props: { shadowProductionVariants: [{ enableSsmAccess: "true" }] },
      says: /shadowProductionVariants\[0\]\.enableSsmAccess is "true"/,
    },
  ],
});
