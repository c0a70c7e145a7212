import type { Grant, PrincipalPermissions, ResourcePolicy } from "../permissions";
import type { Plan } from "../plan";
import { type Layout, typedNameOf, wrap } from "./layout";

/** Who may do what: every role with who may take it on and what it grants; then policies on resources. */
export function renderPermissions(plan: Pick<Plan, "permissions">, layout: Layout): string[] {
  const { principals, resourcePolicies } = plan.permissions;
  if (principals.length === 0 && resourcePolicies.length === 0) return ["The program grants nothing."];
  return [
    ...principals.flatMap((principal) => [...renderPrincipal(principal, layout), ""]),
    ...resourcePolicies.flatMap((policy) => [...renderResourcePolicy(policy, layout), ""]),
  ].slice(0, -1);
}

function renderPrincipal(entry: PrincipalPermissions, layout: Layout): string[] {
  const { paint } = layout;
  const lines = wrap(entry.principal.name, layout.width).map((line) => paint.bold(line));
  if (entry.trusts.length > 0) lines.push(...item("used by", entry.trusts.join(", "), layout));
  for (const grant of entry.grants) lines.push(...renderGrant(grant, undefined, layout));
  for (const arn of entry.managedPolicies) lines.push(...item("plus", `managed policy ${arn}`, layout));
  if (entry.grants.length === 0 && entry.managedPolicies.length === 0)
    lines.push(...item("may", "do nothing", layout));
  for (const note of entry.notes) lines.push(...item("note", note, layout));
  return lines;
}

function renderResourcePolicy(policy: ResourcePolicy, layout: Layout): string[] {
  const lines = wrap(
    `on ${typedNameOf(policy.resource.urn)} (${policy.resource.name})`,
    layout.width,
    "  ",
  ).map((line) => layout.paint.bold(line));
  for (const { principals, ...grant } of policy.statements) {
    lines.push(...renderGrant(grant, principals.map((p) => (p === "*" ? "anyone" : p)).join(", "), layout));
  }
  for (const note of policy.notes) lines.push(...item("note", note, layout));
  return lines;
}

function renderGrant(grant: Grant, who: string | undefined, layout: Layout): string[] {
  const actions =
    grant.notActions === undefined ? grant.actions.join(", ") : `anything but ${grant.notActions.join(", ")}`;
  const resources =
    grant.notResources === undefined
      ? grant.resources.map((resource) => (resource === "*" ? "every resource" : resource)).join(", ")
      : `anything but ${grant.notResources.join(", ")}`;
  const conditions = Object.entries(grant.conditions ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${key} ${operator} ${values.join(" or ")}`),
  );
  const allowed = grant.effect === "Allow";
  const verb = who === undefined ? (allowed ? "may" : "may not") : allowed ? "allows" : "denies";
  const text = [
    ...(who === undefined ? [] : [`${who}:`]),
    actions,
    ...(resources === "" ? [] : ["on", resources]),
    ...(conditions.length === 0 ? [] : [`if ${conditions.join(" and ")}`]),
  ].join(" ");
  return item(verb, text, layout);
}

const labelWidth = 8;

function item(label: string, text: string, layout: Layout): string[] {
  const color = label === "may not" || label === "denies" ? layout.paint.red : layout.paint.green;
  const [first = "", ...rest] = wrap(text, layout.width - labelWidth - 2);
  return [
    `  ${color(label.padEnd(labelWidth))}${first}`,
    ...rest.map((line) => " ".repeat(labelWidth + 2) + line),
  ];
}
