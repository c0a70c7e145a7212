import { resourceCeiling } from "./resource-ceiling";

export const notebookCeiling = resourceCeiling({
  id: "cost-notebook-ceiling",
  title: "Notebooks within their monthly ceiling",
  sentence: "No notebook instance costs more per month than its ceiling, even if it is never stopped.",
  remediation: "Take a smaller type or volume, or raise the ceiling of the environment.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateNotebookInstance.html",
  types: ["aws:sagemaker/notebookInstance:NotebookInstance"],
  setting: "monthlyUsd",
  defaultUsd: 200,
  description: "USD per month of one notebook that runs around the clock, its volume included.",
  subject: "This notebook",
  per: "a month around the clock",
  lever: "take a smaller volume",
});
