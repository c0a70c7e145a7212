import type { PolicyResource, ResourceValidationArgs, StackValidationArgs } from "@pulumi/policy";
import { sentStack } from "./requests/carrier";
import type { Reads, StackSubject, Subject } from "./rule";
import { pick } from "./values";

/** A resource as a rule sees it, with the properties of these names. */
export function toSubject(args: ResourceValidationArgs | PolicyResource, reads: readonly string[]): Subject {
  const { region: own, ...properties } = pick(args.props, [...reads, "region"]);
  const provider = args.provider === undefined ? undefined : pick(args.provider.props, ["region"]).region;
  return {
    type: args.type,
    name: args.name,
    urn: args.urn,
    properties,
    region: regionOf(own, provider),
    protect: args.opts.protect,
  };
}

/** The resources of a stack that a rule looks at. */
export function stackSubjects(args: StackValidationArgs, reads: Reads): readonly StackSubject[] {
  const sent = sentStack(args);
  if (sent !== undefined) return sent.subjects(reads);

  return args.resources.flatMap((resource) => {
    const names = Object.hasOwn(reads, resource.type) ? reads[resource.type] : undefined;
    if (names === undefined) return [];
    const propertyDependencies = Object.fromEntries(
      Object.entries(resource.propertyDependencies).map(([property, targets]) => [
        property,
        targets.map(({ urn }) => urn),
      ]),
    );
    return [{ ...toSubject(resource, names), parent: resource.parent?.urn, propertyDependencies }];
  });
}

/** The resource's own region, else its provider's, if either is known. */
export function regionOf(own: unknown, provider: unknown): string | undefined {
  return [own, provider].find((value): value is string => typeof value === "string" && value !== "");
}
