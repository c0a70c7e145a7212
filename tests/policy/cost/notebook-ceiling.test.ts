import { notebookCeiling } from "../../../policy/cost/notebook-ceiling";
import { describeRule } from "../../support/rule-cases";

const type = "aws:sagemaker/notebookInstance:NotebookInstance";

// 0.05 × 730 + 20 × 0.14 = 39.3
describeRule(notebookCeiling, {
  pass: [
    {
      title: "a notebook exactly at its ceiling",
      type,
      props: { instanceType: "ml.t3.medium", volumeSize: 20 },
      settings: { monthlyUsd: 39.3 },
    },
    {
      title: "a notebook with the 5 GB that AWS gives",
      type,
      props: { instanceType: "ml.t3.medium" },
      settings: { monthlyUsd: 37.2 },
    },
  ],
  violate: [
    {
      title: "a notebook a cent above its ceiling, with its arithmetic",
      type,
      props: { instanceType: "ml.t3.medium", volumeSize: 20 },
      settings: { monthlyUsd: 39.29 },
      says: /This notebook costs up to 39\.3 USD a month around the clock; the ceiling is 39\.29: 39\.3 − 39\.29 = 0\.01 too much\. Counted: subject 39\.3 = ml\.t3\.medium 0\.05 USD\/h .* × 730 h \+ 20 GB of volume for 2\.8\. Cheapest for notebook, in USD a month around the clock: none is within the ceiling\. Choose/,
    },
    {
      title: "the default volume of a notebook above its ceiling",
      type,
      props: { instanceType: "ml.t3.medium" },
      settings: { monthlyUsd: 37.19 },
      says: /37\.2 − 37\.19 = 0\.01/,
    },
    {
      title: "a notebook without a type",
      type,
      props: {},
      says: /cannot be held against the ceiling .* no instance type is given/,
    },
    {
      title: "a notebook in a region without prices",
      type,
      props: { instanceType: "ml.t3.medium", region: "zz-nowhere-1" },
      says: /no price table for region zz-nowhere-1/,
    },
  ],
});
