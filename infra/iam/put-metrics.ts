import { allow, type Statement } from "./document";

/** Namespaces that SageMaker's hosts write with the role; `AWS/SageMaker` it writes by itself. */
export const metricNamespaces = {
  training: "/aws/sagemaker/TrainingJobs",
  serving: "/aws/sagemaker/Endpoints",
} as const;

/**
 * Publishes the utilisation and algorithm metrics of jobs, or the utilisation of endpoint instances.
 *
 * Needed by training and serving. Without it tuning sees no objective, and the dashboard no load.
 */
export function putMetrics(use: keyof typeof metricNamespaces): Statement[] {
  return [
    // Metrics are no resource (the data sets of the service reference are optional); the namespace narrows it.
    allow("PutMetrics", ["cloudwatch:PutMetricData"], ["*"], {
      StringEquals: { "cloudwatch:namespace": metricNamespaces[use] },
    }),
  ];
}
