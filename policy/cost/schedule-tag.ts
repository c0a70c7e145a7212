import { findInstanceType } from "../catalog/instance-types";
import { type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { flag, type Settings, texts } from "../settings";
import { asObject, type Properties, UNKNOWN } from "../values";

const NOTEBOOK = "aws:sagemaker/notebookInstance:NotebookInstance";
const TAG_KEY = { pattern: /^.{1,128}$/s, form: "a tag's key of at most 128 characters" };

const fields = {
  scheduleTags: texts(
    ["schedule", "auto-stop", "idle-stop"],
    "Keys of tags that say when the machine is stopped; case, spaces and - _ : . make no difference.",
    TAG_KEY,
  ),
  environmentTags: texts(["environment", "env"], "Keys of the tag that names the environment.", TAG_KEY),
  production: flag(false, "Whether this is production, where machines may run on; the tag may say so too."),
};

type ScheduleSettings = Settings<typeof fields>;

/** Advisory: that a tag is there does not prove that somebody heeds it. */
export const scheduleTag = resourceRule({
  id: "cost-schedule-tag",
  title: "Machines of developers have an end",
  sentence:
    "Outside production every notebook and every EC2 instance with a GPU says when it is stopped, by a tag or a lifecycle configuration.",
  severity: "low",
  level: "advisory",
  group: "cost",
  remediation:
    "Stop the machine by a schedule or when it is idle, and tag it with `schedule` or `idle-stop`; a notebook's lifecycle configuration counts too.",
  url: "https://docs.aws.amazon.com/solutions/latest/instance-scheduler-on-aws/solution-overview.html",
  reads: {
    [NOTEBOOK]: ["lifecycleConfigName", "tags", "tagsAll"],
    "aws:ec2/instance:Instance": ["instanceType", "tags", "tagsAll"],
    "aws:ec2/spotInstanceRequest:SpotInstanceRequest": ["instanceType", "tags", "tagsAll"],
  },
  fields,
  check: ({ type, properties }, settings) => {
    if (settings.production || saysProduction(properties, settings)) return [];
    const machine = type === NOTEBOOK ? notebook(properties) : gpuBox(properties);
    if (machine === undefined) return [];
    if (typeof machine !== "string") return [machine];

    const tags = tagsOf(properties);
    if (tags.some(([key, value]) => isOneOf(key, settings.scheduleTags) && value !== "")) return [];
    if (properties.tags === UNKNOWN || properties.tagsAll === UNKNOWN) return [undecided("tags")];
    return [
      violation(
        `${machine} runs, and is billed, until somebody stops it: it has no tag ${settings.scheduleTags.join(", ")}${type === NOTEBOOK ? " and no lifecycleConfigName" : ""}. Stop it by a schedule or when idle, and tag it with how.`,
      ),
    ];
  },
});

/** What to call it; nothing where the rule asks for nothing. */
function notebook({ lifecycleConfigName }: Properties): string | Finding | undefined {
  // Also one whose name a deployment will tell: it is there.
  if (lifecycleConfigName === UNKNOWN) return undefined;
  return typeof lifecycleConfigName === "string" && lifecycleConfigName !== "" ? undefined : "This notebook";
}

function gpuBox({ instanceType }: Properties): string | Finding | undefined {
  if (instanceType === UNKNOWN) return undecided("instanceType, and with it whether it has a GPU,");
  if (typeof instanceType !== "string") return undefined;
  const found = findInstanceType("compute", instanceType);
  return found?.gpus === undefined ? undefined : `This ${found.name}`;
}

function saysProduction(properties: Properties, { environmentTags }: ScheduleSettings): boolean {
  return tagsOf(properties).some(
    ([key, value]) =>
      isOneOf(key, environmentTags) && typeof value === "string" && /^prod(?:uction)?(?:-|$)/i.test(value),
  );
}

function tagsOf({ tags, tagsAll }: Properties): readonly [string, unknown][] {
  return [...Object.entries(asObject(tags) ?? {}), ...Object.entries(asObject(tagsAll) ?? {})];
}

function isOneOf(key: string, known: readonly string[]): boolean {
  return known.some((other) => bare(other) === bare(key));
}

function bare(key: string): string {
  return key.toLowerCase().replace(/[\s\-_:.]/g, "");
}
