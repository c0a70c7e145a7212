import type { Rule } from "../../../policy/rule";
import { groupsOf } from "./reference";

const begin = "<!-- rules -->";
const end = "<!-- /rules -->";

/**
 * The pack's README with its list of rules made anew, between two marks.
 * @throws Error where the marks are not there.
 */
export function withRuleList(readme: string, rules: readonly Rule[]): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The README of the pack has no ${begin} before ${end}.`);

  const list = groupsOf(rules).map(
    ({ title, rules: own }) => `- ${title}: ${own.map(({ id }) => `\`${id}\``).join(", ")}`,
  );
  const text = [begin, `It has ${rules.length} rules:`, "", ...list, ""].join("\n");
  return `${readme.slice(0, from)}${text}${readme.slice(to)}`;
}
