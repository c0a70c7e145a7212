import { imdsv2 } from "../../../policy/notebook/imdsv2";
import { describeRuleWithUnknowns } from "../../support/rule-unknowns";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const NATIVE = "aws-native:sagemaker:NotebookInstance";

describeRuleWithUnknowns(imdsv2, {
  pass: [
    {
      title: "version 2",
      type: NOTEBOOK,
      props: { instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: "2" } },
    },
    {
      title: "version 2 as a number",
      type: NATIVE,
      props: { instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: 2 } },
    },
  ],
  violate: [
    {
      title: "version 1",
      type: NOTEBOOK,
      props: { instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: "1" } },
      says: /minimumInstanceMetadataServiceVersion is "1"; only "2" is allowed/,
    },
    {
      title: "a notebook that says nothing",
      type: NOTEBOOK,
      props: {},
      says: /is not set, and AWS takes "1" for it/,
    },
    {
      title: "version 1 of aws-native",
      type: NATIVE,
      props: { instanceMetadataServiceConfiguration: { minimumInstanceMetadataServiceVersion: "1" } },
      says: /is "1"/,
    },
  ],
});
