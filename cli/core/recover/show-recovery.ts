import { stackTagKey } from "../../../infra/rules/tags";
import type { Decision, Foreign } from "./settle";

/** One line per pending operation. */
export function listed(decisions: readonly Decision[]): string {
  return [
    `${decisions.length} ${decisions.length === 1 ? "operation was" : "operations were"} begun and not recorded:`,
    ...decisions.map((decision) => `  ${decision.name} (${decision.type}): ${planOf(decision)}`),
  ].join("\n");
}

function planOf(decision: Decision): string {
  switch (decision.kind) {
    case "look":
      return decision.id === "" ? "a component, kept" : `looked up as ${decision.id}`;
    case "read":
      return `${decision.operation}; read from AWS`;
    case "forget":
      return "left to the next deployment";
    case "ask":
      return "AWS drew its id; look whether it is there";
  }
}

/** What a person has to look up, and how to tell it. */
export function asked(decisions: readonly Decision[], stack: string): string {
  const open = decisions.filter(({ kind }) => kind === "ask");
  return [
    "Look for these in the AWS console, or by their tag:",
    `  aws resourcegroupstaggingapi get-resources --tag-filters Key=${stackTagKey}`,
    "and run the command again with one answer for each:",
    ...open.map(
      ({ name, type }) =>
        `  --made ${name}=<id>, as \`pulumi import ${type}\` takes it, or --not-made ${name}`,
    ),
    `Nothing was changed in the state of ${stack}.`,
  ].join("\n");
}

export function foreignText(foreign: readonly Foreign[]): string {
  return [
    "These exist and are not this stack's; they were left out of its state:",
    ...foreign.map(
      ({ resource: { id, type }, tag, expected, found }) =>
        `  ${type} ${id}: its tag ${tag} is ${found === undefined ? "missing" : `"${found}"`}, expected "${expected}"`,
    ),
    "The next deployment will try to make its own. Where a name is fixed, rename or remove one of the two.",
  ].join("\n");
}
