export interface MetricDefinition {
  readonly name: string;
  /** Applied by SageMaker to every log line; its first group is the value. At most 500 characters. */
  readonly regex: string;
}

/** A finite number in any notation that Python prints, `1e-05` included; never `nan` or `inf`. */
const number = "([-+]?[0-9]+(?:\\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)";

/**
 * What the training program prints as `key=value` and SageMaker records as a metric, the tuner's objective included.
 *
 * Declared on every job: left out, SageMaker adds 39 of its own after creation, and the next preview shows a
 * difference (terraform-provider-aws#46892).
 *
 * The last line of training repeats the validation numbers of the exported weights as `best_validation_…`. They count
 * as the same metric, since a tuning job judges a trial by the last value, and that of the last epoch belongs to
 * weights that early stopping threw away.
 */
const loggedMetrics: readonly (readonly [metric: string, key: string])[] = [
  ["train:loss", "train_loss"],
  ["validation:loss", "(?:best_)?validation_loss"],
  ["validation:accuracy", "(?:best_)?validation_accuracy"],
  ["test:loss", "test_loss"],
  ["test:accuracy", "test_accuracy"],
  ["test:macro_recall", "test_macro_recall"],
  ["train:images_per_second", "images_per_second"],
  ["train:data_wait_percent", "data_wait_percent"],
];

export const metricDefinitions: readonly MetricDefinition[] = loggedMetrics.map(([name, key]) => ({
  name,
  // Key and number must stand alone, so that `train_loss` is not found in `pretrain_loss`, nor 0.4 in 0.4.1.
  regex: `(?:^|[\\s,;])${key}=${number}(?:[\\s,;]|$)`,
}));
