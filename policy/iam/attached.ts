import type { Reads } from "../rule";
import { asList, asObject, type Properties, UNKNOWN } from "../values";
import { ATTACH_POINTS, type AttachPoint } from "./attach-points";
import { inTemplate, type TemplateContents, textsOf } from "./template";

/** A value with its path for messages. */
export interface Found {
  readonly path: string;
  readonly value: unknown;
}

type Kind = keyof AttachPoint;

interface Attaching {
  readonly type: string;
  readonly properties: Properties;
}

/** What rules about attached ARNs read. */
export const ARN_READS: Reads = readsOf(["arns", "templates", "values"]);

/** What rules about granted documents read. */
export const DOCUMENT_READS: Reads = readsOf(["documents", "templates"]);

/** What rules about both read. */
export const ARN_AND_DOCUMENT_READS: Reads = readsOf(["arns", "documents", "templates", "values"]);

/** What rules about attached ARNs read, and the addresses of templates. */
export const ARN_AND_ADDRESS_READS: Reads = readsOf(["arns", "templates", "values", "elsewhere"]);

/** Where a resource attaches managed policies, each with an ARN, `UNKNOWN`, or what is no ARN. Never what is absent. */
export function attachedArns(resource: Attaching): readonly Found[] {
  return [
    ...at(resource, "arns"),
    ...templatesOf(resource).flatMap(({ path, contents }): readonly Found[] =>
      contents === UNKNOWN ? [{ path, value: UNKNOWN }] : contents.arns,
    ),
    ...at(resource, "values").flatMap(({ path, value }) => textsOf(value, path)),
  ];
}

/** Where a resource holds identity policies. Never what is absent; a document of a template comes as an object. */
export function attachedDocuments(resource: Attaching): readonly Found[] {
  return [
    ...at(resource, "documents"),
    ...templatesOf(resource).flatMap(({ path, contents }): readonly Found[] =>
      contents === UNKNOWN ? [{ path, value: UNKNOWN }] : contents.documents,
    ),
  ];
}

/** Templates of which nothing can be told: behind an address, or in a text that is neither JSON nor YAML that this pack reads. */
export function unreadTemplates(resource: Attaching): readonly string[] {
  const unread = templatesOf(resource).filter(({ contents }) => contents !== UNKNOWN && !contents.read);
  return [...at(resource, "elsewhere"), ...unread].map(({ path }) => path);
}

/** The values at a path such as `inlinePolicies[].policy`, each with its own path. What is absent is left out. */
export function follow(value: unknown, path: string, soFar = ""): readonly Found[] {
  if (value === undefined || value === null) return [];
  if (path === "" || value === UNKNOWN) return [{ path: soFar, value }];
  if (path.startsWith("[]")) {
    const rest = path.slice(2).replace(/^\./, "");
    return asList(value).flatMap((entry, index) => follow(entry, rest, `${soFar}[${index}]`));
  }
  const [name = ""] = /^[^.[]+/.exec(path) ?? [];
  const rest = path.slice(name.length).replace(/^\./, "");
  return follow(asObject(value)?.[name], rest, soFar === "" ? name : `${soFar}.${name}`);
}

function at({ type, properties }: Attaching, kind: Kind): readonly Found[] {
  return (ATTACH_POINTS[type]?.[kind] ?? []).flatMap((path) => follow(properties, path));
}

function templatesOf(resource: Attaching): readonly {
  readonly path: string;
  readonly contents: TemplateContents | typeof UNKNOWN;
}[] {
  return at(resource, "templates").map(({ path, value }) => ({
    path,
    contents: value === UNKNOWN ? UNKNOWN : inTemplate(value, path),
  }));
}

function readsOf(kinds: readonly Kind[]): Reads {
  return Object.fromEntries(
    Object.entries(ATTACH_POINTS).flatMap(([type, point]) => {
      const paths = kinds.flatMap((kind) => point[kind] ?? []);
      const names = [...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path))];
      return names.length === 0 ? [] : [[type, names]];
    }),
  );
}
