import { byCodeUnit } from "../json-value";
import type { ResourcePolicy } from "../permissions";
import { type ArnContext, shortArn, shortBucketName, shortConditions, shortPrincipal } from "./arns";
import { actionsByService } from "./grants";
import { entry, type Layout, typedNameOf, wrap } from "./layout";
import type { Placement } from "./placement";
import { amountOf, plural, typeWords } from "./words";

type Statement = ResourcePolicy["statements"][number];

interface Carrier {
  /** What the policy is on, in words: "bucket", "topic". */
  readonly noun: string;
  readonly name: string;
}

/**
 * Policies on resources, each statement once with everything that carries it: three buckets that refuse what comes without
 * TLS are one line.
 */
export function resourcePolicyLines(
  policies: readonly ResourcePolicy[],
  placement: Placement,
  context: ArnContext,
  layout: Layout,
): string[][] {
  const statements = new Map<string, { label: string; text: string; carriers: Carrier[] }>();
  for (const policy of policies) {
    const carrier = carrierOf(policy, placement, context);
    for (const { label, text } of phrases(policy, context)) {
      const key = JSON.stringify([carrier.noun, label, text]);
      const known = statements.get(key) ?? { label, text, carriers: [] };
      statements.set(key, { ...known, carriers: [...known.carriers, carrier] });
    }
  }
  const blocks = new Map<string, string[]>();
  for (const { label, text, carriers } of statements.values()) {
    const title = titleOfCarriers(carriers);
    const color = label === "denies" ? layout.paint.red : undefined;
    const lines = entry(label, text, 12, 2, layout, color);
    blocks.set(title, [...(blocks.get(title) ?? []), ...lines]);
  }
  return [...blocks]
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([title, lines]) => [
      ...wrap(title, layout.width, "  ").map((line) => layout.paint.bold(line)),
      ...lines,
    ]);
}

function carrierOf({ resource }: ResourcePolicy, placement: Placement, context: ArnContext): Carrier {
  const planned = placement.get(resource.urn);
  if (planned === undefined) return { noun: "resource", name: typedNameOf(resource.urn) };
  const words = typeWords(planned.type);
  if (words === "Lambda permission") return { noun: "Lambda function", name: resource.name };
  const noun = words.replace(/ policy$/, "");
  const bucket = shortBucketName(resource.name, context.buckets);
  if (bucket !== resource.name) return { noun, name: bucket.replace(/-…$/, "") };
  const name = shortArn(resource.name, "", context);
  // An id says nothing before there is one; the program's own name does.
  return { noun, name: name.endsWith("-…") ? planned.name : lastPart(name) };
}

/** The last part of an ARN or a queue's URL: a topic's, a queue's name. */
function lastPart(name: string): string {
  return name.slice(Math.max(name.lastIndexOf(":"), name.lastIndexOf("/")) + 1);
}

function titleOfCarriers(carriers: readonly Carrier[]): string {
  const names = carriers.map(({ name }) => name).sort(byCodeUnit);
  const noun = carriers[0]?.noun ?? "resource";
  return carriers.length === 1
    ? `on ${noun} ${names[0] ?? ""}`
    : `on ${names.length > 6 ? amountOf(names.length, noun) : `${plural(noun)} ${names.join(", ")}`}`;
}

/** The statements in words. Denials that differ in their conditions alone are one: any of them suffices. */
function phrases(policy: ResourcePolicy, context: ArnContext): { label: string; text: string }[] {
  const found = new Map<string, { label: string; text: string; when: string[] }>();
  for (const statement of policy.statements) {
    const label = statement.effect === "Allow" ? "allows" : "denies";
    const text = subject(statement, policy, context);
    const key = label === "denies" ? `${label} ${text}` : JSON.stringify([text, statement.conditions]);
    const known = found.get(key) ?? { label, text, when: [] };
    found.set(key, { ...known, when: [...known.when, shortConditions(statement, context)] });
  }
  return [
    ...[...found.values()].map(({ label, text, when }) => ({
      label,
      text: `${text}${when.includes("") ? "" : [...when].sort(byCodeUnit).reverse().join(" or")}`,
    })),
    ...policy.notes.map((note) => ({ label: "note", text: note })),
  ];
}

/** "anyone: s3 every action"; resources are named only where they are not the carrier itself. */
function subject(statement: Statement, { resource }: ResourcePolicy, context: ArnContext): string {
  const who = statement.principals.map((principal) => shortPrincipal(principal, context)).join(", ");
  const what =
    statement.notActions === undefined
      ? actionsByService(statement.actions)
          .map(([service, actions]) => `${service} ${actions.join(", ")}`)
          .join("; ")
      : `everything but ${statement.notActions.join(", ")}`;
  const own = (arn: string) =>
    arn === "*" || arn === resource.name || new RegExp(`[:/]${escaped(resource.name)}(?:/\\*)?$`).test(arn);
  const others = statement.resources.filter((arn) => !own(arn));
  const where =
    statement.notResources !== undefined
      ? ` on everything but ${statement.notResources.map((arn) => shortArn(arn, "", context)).join(", ")}`
      : others.length === 0
        ? ""
        : ` on ${statement.resources.map((arn) => shortArn(arn, "", context)).join(", ")}`;
  return `${who}: ${what}${where}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
