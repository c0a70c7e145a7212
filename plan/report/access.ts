import { byCodeUnit } from "../json-value";
import type { PrincipalPermissions } from "../permissions";
import type { Plan } from "../plan";
import { type ArnContext, arnContext, shortArn, shortConditions, shortPrincipal } from "./arns";
import { actionsByService, type MergedGrant, mergedGrants } from "./grants";
import { entry, type Layout, wrap } from "./layout";
import { ownerTitle, type Placement, placementOf, titleOf } from "./placement";
import { resourcePolicyLines } from "./resource-policies";
import { plural, typeWords } from "./words";

/** Who may do what, in short: a block per role, then what the policies on resources add. */
export function renderAccess(
  plan: Pick<Plan, "permissions" | "resources" | "cost">,
  layout: Layout,
): string[] {
  const { principals, resourcePolicies } = plan.permissions;
  if (principals.length === 0 && resourcePolicies.length === 0) return ["The program grants nothing."];
  const placement = placementOf(plan);
  const context = arnContext(plan);
  const blocks = roleBlocks(principals, placement, context)
    .sort((a, b) => byCodeUnit(a.title, b.title))
    .map((block) => blockLines(block, layout));
  return [...blocks, ...resourcePolicyLines(resourcePolicies, placement, context, layout)]
    .flatMap((block) => [...block, ""])
    .slice(0, -1);
}

interface Item {
  readonly label: string;
  readonly text: string;
  readonly denies: boolean;
}

/** One role, or several that differ in a name alone. */
interface RoleBlock {
  readonly title: string;
  /** "IAM role used by lambda". */
  readonly about: string;
  readonly due: boolean;
  readonly items: readonly Item[];
}

/** Stands for what differs between roles that are told together. */
const anyName = "<name>";

function roleBlocks(
  principals: readonly PrincipalPermissions[],
  placement: Placement,
  context: ArnContext,
): RoleBlock[] {
  const titles = principalTitles(principals, placement);
  const groups = new Map<string, { block: RoleBlock; words: string; name: string; items: Item[] }[]>();
  for (const principal of principals) {
    const block = roleBlock(principal, titles, placement, context);
    const resource = placement.get(principal.principal.urn);
    const owner = resource === undefined ? undefined : placement.componentsAbove(resource.urn).at(-1);
    const name = owner?.name ?? resource?.name ?? "";
    const items = block.items.map((item) => ({ ...item, text: withoutName(item.text, name) }));
    const words = typeWords((owner ?? resource)?.type ?? "");
    // A title of its own means that the component's name does not tell the role.
    const key = JSON.stringify([
      block.title === titleOf(words, name) ? words : block.title,
      block.about,
      block.due,
      items,
    ]);
    groups.set(key, [...(groups.get(key) ?? []), { block, words, name, items }]);
  }
  return [...groups.values()].flatMap((group): RoleBlock[] => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group.map(({ block }) => block);
    const names = group.map(({ name }) => name).sort(byCodeUnit);
    return [
      {
        ...first.block,
        title: `${plural(first.words)} ${names.join(", ")}`,
        about: `${first.block.about}, each for its own ${anyName}`,
        items: first.items,
      },
    ];
  });
}

function withoutName(text: string, name: string): string {
  if (name === "") return text;
  return text.replace(
    new RegExp(`(?<![A-Za-z0-9])${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![A-Za-z0-9])`, "g"),
    () => anyName,
  );
}

/** By what a role belongs to; by its own name as well where one thing has several. */
function principalTitles(
  principals: readonly PrincipalPermissions[],
  placement: Placement,
): Map<string, string> {
  const titled = principals.map(({ principal }) => {
    const resource = placement.get(principal.urn);
    return {
      urn: principal.urn,
      name: resource?.name ?? principal.name,
      title: resource === undefined ? principal.name : ownerTitle(resource, placement),
    };
  });
  return new Map(
    titled.map(({ urn, name, title }) => [
      urn,
      titled.filter((other) => other.title === title).length === 1 ? title : titleOf(title, name),
    ]),
  );
}

function roleBlock(
  { principal, trusts, grants, managedPolicies, notes }: PrincipalPermissions,
  titles: ReadonlyMap<string, string>,
  placement: Placement,
  context: ArnContext,
): RoleBlock {
  const resource = placement.get(principal.urn);
  const kind = resource === undefined ? "role" : typeWords(resource.type);
  const title = titles.get(principal.urn) ?? principal.name;
  const users = [...new Set(trusts.map((trust) => shortPrincipal(trust, context)))].join(", ");
  const item = (label: string, text: string): Item => ({ label, text, denies: false });
  return {
    title,
    // "IAM role reader" has said what it is.
    about: [...(title.startsWith(kind) ? [] : [kind]), ...(users === "" ? [] : [`used by ${users}`])].join(
      " ",
    ),
    due: resource?.due !== false,
    items: [
      ...mergedGrants(grants).flatMap((grant) => grantItems(grant, context)),
      ...managedPolicies.map((arn) => item("plus", `managed policy ${arn}`)),
      ...(grants.length === 0 && managedPolicies.length === 0 ? [item("nothing", "is granted")] : []),
      ...notes.map((note) => item("note", note)),
    ],
  };
}

/** An item per service: "s3", "GetObject on s3://data/*". */
function grantItems(grant: MergedGrant, context: ArnContext): Item[] {
  const denies = grant.effect === "Deny";
  const byService: [string, string[]][] =
    grant.notActions === undefined
      ? actionsByService(grant.actions)
      : [["any service", [`${denies ? "anything" : "everything"} but ${grant.notActions.join(", ")}`]]];
  return byService.map(([service, actions]) => ({
    label: service,
    text: `${denies ? "never " : ""}${actions.join(", ")}${onResources(grant, service, context)}${shortConditions(grant, context)}`,
    denies,
  }));
}

function onResources(grant: MergedGrant, service: string, context: ArnContext): string {
  const short = (arns: readonly string[]) => arns.map((arn) => shortArn(arn, service, context)).join(", ");
  if (grant.notResources !== undefined) return ` on anything but ${short(grant.notResources)}`;
  return grant.resources.length === 0 ? "" : ` on ${short(grant.resources)}`;
}

const labelWidth = 12;

function blockLines({ title, about, due, items }: RoleBlock, layout: Layout): string[] {
  const { paint, width } = layout;
  const mark = due ? "" : "  not due";
  const heading =
    title.length + 2 + about.length + mark.length <= width
      ? [
          `${paint.bold(title)}${about === "" ? "" : `  ${paint.dim(about)}`}${mark === "" ? "" : paint.magenta(mark)}`,
        ]
      : [
          ...wrap(title, width, "  ").map((line) => paint.bold(line)),
          ...wrap(
            [about, ...(due ? [] : ["not due"])].filter((part) => part !== "").join(", "),
            width - 2,
          ).map((line) => `  ${paint.dim(line)}`),
        ];
  return [
    ...heading,
    ...items.flatMap(({ label, text, denies }) =>
      entry(label, text, labelWidth, 2, layout, denies ? paint.red : undefined),
    ),
  ];
}
