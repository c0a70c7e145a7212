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
   * The cost of what was registered so far; ask last. Unknown in the preview of a stack in which something priced depends
   * on what is still to be created, such as the subnets of VPC endpoints.
   */
  report(region: string): pulumi.Output<CostSummary> {
    const resources = this.entries.map(({ key, type, name, parent, resource, inputs }) =>
      pulumi.all([inputs, physicalName(resource, type)] as const).apply(([properties, physical]) => ({
        urn: key,
        type,
        name,
        parent,
        // Where Pulumi makes the name, others refer to it all the same.
        properties: physical === undefined ? properties : { name: physical, ...properties },
      })),
    );
    return pulumi.all(resources).apply((known) => costSummary(known, region));
  }
}

function physicalName(resource: pulumi.Resource, type: string): pulumi.Input<string | undefined> {
  const reads = costInputs[type]?.includes("name") === true;
  return reads && "name" in resource ? (resource.name as pulumi.Output<string>) : undefined;
}
