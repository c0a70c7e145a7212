import { constantVariantName } from "../../../policy/endpoint/constant-variant-name";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const CONFIGURATION = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const NATIVE = "aws-native:sagemaker:EndpointConfig";

const named = (...names: unknown[]) => ({
  productionVariants: names.map((variantName) => ({ variantName })),
});

describeRuleWithUnknowns(constantVariantName, {
  pass: [
    { title: "AWS's own example", type: CONFIGURATION, props: named("AllTraffic") },
    { title: "two words of an experiment", type: NATIVE, props: named("champion", "challenger") },
    { title: "a word of a to f", type: CONFIGURATION, props: named("facade", "decade-feed") },
    {
      title: "a number that tells variants apart",
      type: CONFIGURATION,
      props: named("variant-1", "variant2"),
    },
    {
      title: "a name that the settings allow",
      type: CONFIGURATION,
      props: named("stable-v1"),
      settings: { changing: ["^x"] },
    },
  ],
  violate: [
    {
      title: "a hash",
      type: CONFIGURATION,
      props: named("breeds-1233c53"),
      says: /productionVariants\[0\]\.variantName is "breeds-1233c53", which looks as if it changed.*"AllTraffic"/,
    },
    {
      title: "a date",
      type: CONFIGURATION,
      props: named("release-2026-06-15"),
      says: /"release-2026-06-15"/,
    },
    { title: "a date without hyphens", type: CONFIGURATION, props: named("r20260615"), says: /"r20260615"/ },
    { title: "a time stamp", type: CONFIGURATION, props: named("v-1781481600"), says: /"v-1781481600"/ },
    { title: "a release", type: CONFIGURATION, props: named("breeds-v12"), says: /"breeds-v12"/ },
    { title: "a version", type: CONFIGURATION, props: named("breeds-1-4-0"), says: /"breeds-1-4-0"/ },
    {
      title: "an instance type",
      type: CONFIGURATION,
      props: named("AllTraffic-ml-m5-2xlarge"),
      says: /m5-2xlarge/,
    },
    {
      title: "no name, for which the provider makes a new one each time",
      type: CONFIGURATION,
      props: named(undefined),
      says: /variantName is not set, so each configuration gets another, random one/,
    },
    {
      title: "the second variant of aws-native",
      type: NATIVE,
      props: named("AllTraffic", "b-v2"),
      says: /productionVariants\[1\]/,
    },
  ],
});
