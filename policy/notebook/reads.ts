import type { Reads } from "../rule";

/**
 * Notebook instances of either provider of Pulumi: both name these properties alike
 * (https://www.pulumi.com/registry/packages/aws-native/api-docs/sagemaker/notebookinstance/).
 */
export function notebookReads(...names: readonly string[]): Reads {
  return {
    "aws:sagemaker/notebookInstance:NotebookInstance": names,
    "aws-native:sagemaker:NotebookInstance": names,
  };
}
