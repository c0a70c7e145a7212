import * as pulumi from "@pulumi/pulumi";

/**
 * What `map` makes of a value: at once where the value is plain, so that it is known in a preview and an error comes from where it is
 * made; else as an output.
 *
 * `pulumi.output` does the same by way of some fifty promises each time.
 */
export function applyInput<T extends object | string, U>(
  value: pulumi.Input<T>,
  map: (value: T) => U,
): U | pulumi.Output<U> {
  if (pulumi.Output.isInstance(value)) return (value as pulumi.Output<T>).apply(map as (value: unknown) => U);
  if (value instanceof Promise) return pulumi.output(value.then(map)) as pulumi.Output<U>;
  return map(value as T);
}
