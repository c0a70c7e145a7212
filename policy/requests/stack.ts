import type { StackSubject } from "../rule";
import { regionOf } from "../subjects";
import { plain } from "../values";
import type { SentStack } from "./carrier";
import { dataOf, membersOf } from "./struct";
import { Message } from "./wire";

/** A `pulumirpc.AnalyzerResource` (proto/pulumi/analyzer.proto of Pulumi), of which only type and URN are read at once. */
interface SentResource {
  readonly type: string;
  readonly urn: string;
  readonly message: Message;
  rest?: Rest;
}

interface Rest extends Pick<StackSubject, "name" | "protect" | "parent" | "region" | "propertyDependencies"> {
  readonly members: ReadonlyMap<string, Message>;
  readonly copies: Map<string, unknown>;
  readonly subjects: Map<readonly string[], StackSubject>;
}

/**
 * Reads a `pulumirpc.AnalyzeStackRequest`.
 *
 * @throws RangeError, also from `subjects`, where it holds something that only the SDK can read.
 */
export function readStack(bytes: Buffer): SentStack {
  const request = new Message(bytes);
  const resources: SentResource[] = [];
  while (request.next()) if (request.field === 1) resources.push(readResource(request.message()));
  const urns = new Set(resources.map(({ urn }) => urn));

  return {
    subjects: (reads) =>
      resources.flatMap((resource) => {
        const names = Object.hasOwn(reads, resource.type) ? reads[resource.type] : undefined;
        return names === undefined ? [] : [subjectOf(resource, names, urns)];
      }),
  };
}

function readResource(message: Message): SentResource {
  let type = "";
  let urn = "";
  let hasOptions = false;
  while (message.next()) {
    if (message.field === 1) type = message.text();
    else if (message.field === 3) urn = message.text();
    else if (message.field === 5) hasOptions = true;
  }
  if (!hasOptions) throw new RangeError("A resource has no options.");
  return { type, urn, message };
}

function subjectOf(
  resource: SentResource,
  names: readonly string[],
  urns: ReadonlySet<string>,
): StackSubject {
  resource.rest ??= readRest(resource.message, urns);
  const known = resource.rest.subjects.get(names);
  if (known !== undefined) return known;

  const { members, copies, subjects, ...own } = resource.rest;
  const properties: Record<string, unknown> = {};
  for (const name of names) {
    const member = members.get(name);
    if (member === undefined || name === "region") continue;
    if (!copies.has(name)) copies.set(name, read(member));
    properties[name] = copies.get(name);
  }
  const subject = { type: resource.type, urn: resource.urn, properties, ...own };
  subjects.set(names, subject);
  return subject;
}

// One below the resource, as for those that the SDK reads.
function read(member: Message): unknown {
  return plain(dataOf(member), 1);
}

function readRest(message: Message, urns: ReadonlySet<string>): Rest {
  let name = "";
  let protect = false;
  let parent: string | undefined;
  let members: ReadonlyMap<string, Message> = new Map();
  let provider: unknown;
  const targets = new Map<string, readonly string[]>();

  message.again();
  while (message.next()) {
    switch (message.field) {
      case 2:
        members = membersOf(message.message());
        break;
      case 4:
        name = message.text();
        break;
      case 5:
        protect = readProtect(message.message());
        break;
      case 6:
        provider = readRegion(message.message());
        break;
      case 7:
        parent = message.text();
        break;
      case 9: {
        const [property, of] = readTargets(message.message());
        targets.set(
          property,
          of.filter((urn) => urns.has(urn)),
        );
        break;
      }
    }
  }
  const own = members.get("region");
  return {
    name,
    protect,
    parent: parent !== undefined && urns.has(parent) ? parent : undefined,
    region: regionOf(own === undefined ? undefined : read(own), provider),
    propertyDependencies: Object.fromEntries([...targets].sort(([a], [b]) => (a < b ? -1 : 1))),
    members,
    copies: new Map(),
    subjects: new Map(),
  };
}

function readProtect(options: Message): boolean {
  let protect = false;
  while (options.next()) if (options.field === 1) protect = options.flag();
  return protect;
}

function readRegion(provider: Message): unknown {
  let region: Message | undefined;
  while (provider.next()) if (provider.field === 2) region = membersOf(provider.message()).get("region");
  return region === undefined ? undefined : read(region);
}

/** A property with the URNs of the resources that it refers to. */
function readTargets(entry: Message): readonly [string, readonly string[]] {
  let property = "";
  const urns: string[] = [];
  while (entry.next()) {
    if (entry.field === 1) property = entry.text();
    else if (entry.field === 2) {
      const targets = entry.message();
      while (targets.next()) if (targets.field === 1) urns.push(targets.text());
    }
  }
  return [property, urns];
}
