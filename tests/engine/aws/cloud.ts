import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import type { Faults } from "./faults";

/** One resource as the control plane holds it. */
export interface CloudObject {
  /** Pulumi's type token; with the id it is the object's key. */
  readonly type: string;
  readonly id: string;
  /** Who asked for it; AWS does not know, the tests do. */
  readonly urn: string;
  /** What a description of it returns, in the provider's property names. */
  properties: JsonObject;
  /** What only the control plane knows: status, fleets, versions. */
  live: JsonObject;
}

/** One change or attempt at one, in the order in which AWS saw them. */
export interface Call {
  readonly number: number;
  readonly atSeconds: number;
  readonly operation: "create" | "update" | "delete";
  readonly type: string;
  readonly id: string;
  /** `ok`, or the error's code. */
  readonly outcome: string;
}

/** Everything that is so in one account and region: plain data, kept in a file between processes. */
export interface Cloud {
  /** Seconds since the account was made. Only calls and what waits for AWS let time pass. */
  clockSeconds: number;
  /** How many resources were made for a URN: the next one gets another name. */
  readonly made: Record<string, number>;
  readonly objects: Record<string, CloudObject>;
  readonly journal: Call[];
}

/** The account and what is to go wrong in it: what the services' rules work on. */
export interface Aws {
  readonly cloud: Cloud;
  readonly faults: Faults;
}

/** An error as AWS names it. */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** The call failed, and the resource is there all the same. */
    readonly leavesResource = false,
  ) {
    super(`${code}: ${message}`);
  }
}

export function emptyCloud(): Cloud {
  return { clockSeconds: 0, made: {}, objects: {}, journal: [] };
}

export function keyOf(type: string, id: string): string {
  return `${type} ${id}`;
}

export function objectsOf({ objects }: Cloud, type: string): CloudObject[] {
  return Object.values(objects).filter((object) => object.type === type);
}

/** The one of this type with this property, or nothing. */
export function findBy(
  cloud: Cloud,
  type: string,
  property: string,
  value: unknown,
): CloudObject | undefined {
  return objectsOf(cloud, type).find(({ properties }) => properties[property] === value);
}

/** A property that is a list of objects; empty where it is absent. */
export function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "";
}
