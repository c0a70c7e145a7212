import { AREAS_OF_FULL_ACCESS, type FullAccess } from "./canaries";
import type { Statement } from "./document";
import { namesOf } from "./granted";

/** What follows the name of a document or a role: which statements reach what, and what was taken for granted. */
export function describeFullAccess(full: FullAccess, all: readonly Statement[]): string {
  const byAreas = full.areas.length >= AREAS_OF_FULL_ACCESS;
  const verdicts = byAreas ? full.verdicts : full.escalations.flatMap((way) => way.verdicts);
  const deciding = [...new Set(verdicts.flatMap(({ statements }) => statements))];
  const how = byAreas ? areas(full) : escalations(full);
  return [
    `${namesOf(deciding)} ${how}.`,
    ...(deciding.some(({ conditions }) => conditions.length > 0)
      ? [" Its conditions are taken as met."]
      : []),
    ...deniesLeftOut(all),
  ].join("");
}

function areas({ areas: reached, verdicts }: FullAccess): string {
  const actions = verdicts.map(({ canary }) => canary.action.replace(/^sagemaker:/, ""));
  const shown = actions.length > 8 ? [...actions.slice(0, 8), `${actions.length - 8} more`] : actions;
  return `together reach ${reached.length} of SageMaker's areas on resources of any name (${reached.join(", ")}; ${AREAS_OF_FULL_ACCESS} are too many), by the actions ${shown.join(", ")}`;
}

function escalations({ escalations: ways }: FullAccess): string {
  const means = ways.map((way) => way.means);
  const more = means.length > 3 ? ` and ${means.length - 3} more ways` : "";
  return `let the holder get every permission of the account: they can ${means.slice(0, 3).join("; ")}${more}`;
}

function deniesLeftOut(all: readonly Statement[]): readonly string[] {
  const conditional = all.filter(({ effect, conditions }) => effect === "Deny" && conditions.length > 0);
  if (conditional.length === 0) return [];
  return [
    ` What ${namesOf(conditional)} den${conditional.length === 1 ? "ies" : "y"} under a condition is not counted, as the condition may not hold.`,
  ];
}
