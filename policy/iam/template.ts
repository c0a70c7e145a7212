import { asList, asObject, type Properties, UNKNOWN } from "../values";
import { element, parseJson } from "./document";
import { managedPolicyIn } from "./managed-policy";
import { parseYaml } from "./yaml";

export interface TemplateContents {
  /** Whether it could be parsed; of other text only the names of managed policies are found. */
  readonly read: boolean;
  readonly arns: readonly { readonly path: string; readonly value: string }[];
  readonly documents: readonly { readonly path: string; readonly value: unknown }[];
}

// What a reference in a template stands for: an ARN that no pattern takes in, since it names something of the template's own.
const REFERENCE = "arn:aws:reference:::reference";

// A boundary grants nothing, and who may take a role is another matter.
const SKIPPED = /^(?:PermissionsBoundary|AssumeRolePolicyDocument)$/i;

/** What in a CloudFormation template, or a resource described as one would be, attaches managed policies or grants. Never throws. */
export function inTemplate(template: unknown, path: string): TemplateContents {
  const parsed =
    typeof template === "string" ? (parseJson(template) ?? parseYaml(template)) : { value: template };
  if (parsed !== undefined && typeof parsed.value === "object" && parsed.value !== null) {
    return { read: true, ...contentsOf(resolved(parsed.value), path) };
  }
  const text = typeof template === "string" ? template : "";
  return {
    read: false,
    arns: managedPolicyIn(text).map((value) => ({ path, value })),
    documents: [],
  };
}

/** Every text in a value, with its path. */
export function textsOf(value: unknown, path: string): readonly { path: string; value: unknown }[] {
  if (typeof value === "string" || value === UNKNOWN) return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((entry, index) => textsOf(entry, `${path}[${index}]`));
  return Object.entries(asObject(value) ?? {}).flatMap(([key, member]) => textsOf(member, into(path, key)));
}

function contentsOf(value: unknown, path: string): Omit<TemplateContents, "read"> {
  if (typeof value === "string") return inText(value, path);
  if (Array.isArray(value)) return merge(value.map((entry, index) => contentsOf(entry, `${path}[${index}]`)));

  const object = asObject(value);
  if (object === undefined) return { arns: [], documents: [] };
  if (element(object, "Statement") !== undefined) {
    return { arns: [], documents: isIdentityPolicy(object) ? [{ path, value: object }] : [] };
  }
  return merge(
    Object.entries(object)
      .filter(([key]) => !SKIPPED.test(key))
      .map(([key, member]) => contentsOf(member, into(path, key))),
  );
}

// A permission set's policy is JSON in a text, also within a template.
function inText(text: string, path: string): Omit<TemplateContents, "read"> {
  const inner = /^\s*\{/.test(text) && /"Statement"/i.test(text) ? parseJson(text) : undefined;
  if (inner !== undefined) return contentsOf(inner.value, path);
  return { arns: managedPolicyIn(text).map((value) => ({ path, value })), documents: [] };
}

// A policy of a bucket, a key or a topic says who; it grants nothing beyond that one thing.
function isIdentityPolicy(document: Properties): boolean {
  return asList(element(document, "Statement")).every((statement) => {
    const raw = asObject(statement);
    return (
      raw === undefined ||
      (element(raw, "Principal") === undefined && element(raw, "NotPrincipal") === undefined)
    );
  });
}

/** The value with CloudFormation's functions worked out as far as they decide anything: texts are put together, branches both kept. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((entry) => {
      const branches = asObject(entry)?.["Fn::If"];
      return Array.isArray(branches)
        ? branches.slice(1).flatMap((branch) => asList(resolved(branch)))
        : [resolved(entry)];
    });
  }
  const object = asObject(value);
  if (object === undefined) return value;
  const [name, ...others] = Object.keys(object);
  if (name !== undefined && others.length === 0) {
    const argument = object[name];
    if (name === "Fn::Sub") return String(asList(argument)[0] ?? "");
    if (name === "Fn::Join") return joined(argument);
    if (name === "Fn::If" && Array.isArray(argument)) return resolved(argument.slice(1));
    if (name === "Ref" || /^Fn::(?!ForEach|Transform)/.test(name)) return REFERENCE;
  }
  return Object.fromEntries(Object.entries(object).map(([key, member]) => [key, resolved(member)]));
}

function joined(argument: unknown): string {
  const [delimiter, parts] = asList(argument);
  const texts = asList(parts).map((part) => {
    const text = resolved(part);
    return typeof text === "string" && text !== REFERENCE ? text : "${reference}";
  });
  return texts.join(typeof delimiter === "string" ? delimiter : "");
}

function merge(all: readonly Omit<TemplateContents, "read">[]): Omit<TemplateContents, "read"> {
  return { arns: all.flatMap(({ arns }) => arns), documents: all.flatMap(({ documents }) => documents) };
}

// A key could be anything, but names of resources and properties are words.
function into(path: string, key: string): string {
  return /^[\w:.-]{1,80}$/.test(key) ? `${path}.${key}` : `${path}.…`;
}
