import * as pulumi from "@pulumi/pulumi";
import { costInputs } from "../policy/catalog/estimate";
import { type CostSummary, costSummary } from "./rules/cost";

interface Entry {
  readonly key: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string | undefined;
  readonly resource: pulumi.Resource;
  readonly inputs: Readonly<Record<string, pulumi.Input<unknown>>>;
}

/**
 * Notes every resource of the program that has a price, so that the program can tell what it costs with the estimator that
 * the plan and the policy pack use. Make it before the first resource: earlier ones go unnoticed.
 */
export class CostLedger {
  private readonly entries: Entry[] = [];

  constructor() {
    const keys = new Map<pulumi.Resource, string>();
    pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
      // Like a URN: the same name may stand below several parents.
      const parent = opts.parent === undefined ? undefined : keys.get(opts.parent);
      const key = `${parent === undefined ? "" : `${parent}$`}${type}::${name}`;
      keys.set(resource, key);
      const wanted = costInputs[type];
      if (wanted !== undefined) {
        const inputs = Object.fromEntries(
          wanted
            .filter((property) => props[property] !== undefined)
            .map((property) => [property, props[property]]),
        );
        this.entries.push({ key, type, name, parent, resource, inputs });
      }
      return undefined;
    });
  }

  /**
   * The cost of what was registered so far; ask last. It is known in a preview too: what a price does not stand on, such as the
   * ids of subnets still to be created, may be unknown. Where a size is, the amounts are lower bounds.
   */
  report(region: string): pulumi.Output<CostSummary> {
    const resources = this.entries.map(async ({ key, type, name, parent, resource, inputs }) => {
      const [properties, physical] = await Promise.all([known(inputs), known(physicalName(resource, type))]);
      return {
        urn: key,
        type,
        name,
        parent,
        // Where Pulumi makes the name, others refer to it all the same.
        properties: { ...(physical === undefined ? {} : { name: physical }), ...(properties as object) },
      };
    });
    return pulumi.output(Promise.all(resources).then((all) => costSummary(all, region)));
  }
}

/**
 * The value with each output in it resolved by itself, and the engine's mark in place of each that is unknown: an output of the whole
 * would be unknown as soon as one part is. What is plain stays so: most of what a resource is given is, and a promise for each
 * part of it would be half of the ledger's work.
 */
function known(value: unknown): unknown {
  if (value instanceof Promise) return value.then(known);
  if (pulumi.Output.isInstance(value)) return knownOutput(value);
  if (Array.isArray(value)) return together(value.map(known), (items) => items);
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  return together(Object.values(value).map(known), (members) =>
    Object.fromEntries(keys.map((key, index) => [key, members[index]])),
  );
}

async function knownOutput(output: unknown): Promise<unknown> {
  const { isKnown, promise } = output as Inside;
  return (await isKnown) ? known(await promise.call(output)) : pulumi.runtime.unknownValue;
}

/** What `make` makes of the values, at once where none is a promise. */
function together<T>(values: readonly unknown[], make: (values: readonly unknown[]) => T): T | Promise<T> {
  return values.some((value) => value instanceof Promise) ? Promise.all(values).then(make) : make(values);
}

/** What the SDK keeps to itself about an output: its types leave it out, and `apply` has no answer for what is unknown. */
interface Inside {
  readonly isKnown: Promise<boolean>;
  promise(): Promise<unknown>;
}

function physicalName(resource: pulumi.Resource, type: string): pulumi.Input<string | undefined> {
  const reads = costInputs[type]?.includes("name") === true;
  return reads && "name" in resource ? (resource.name as pulumi.Output<string>) : undefined;
}
