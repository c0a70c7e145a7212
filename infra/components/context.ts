import type { Naming } from "../rules/naming";
import type { Place } from "../rules/place";

/** What every component needs to name things and to write policies. */
export interface StackContext {
  readonly naming: Naming;
  readonly place: Place;
  /**
   * Whether buckets, keys and endpoints refuse to be deleted or replaced.
   * `false` where the configuration's `removal` is `destroy`.
   */
  readonly protect: boolean;
}
