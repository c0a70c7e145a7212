import { consoleUrl } from "../../../infra/rules/place";
import type { StateResource } from "../aws/deployed-stack";
import { placeOf } from "../operate/console-pages";
import { about, type Finding } from "./finding";

/** Something in the account that carries the project's tag. */
export interface Tagged {
  readonly arn: string;
  /** Value of the tag `sagemaker-ops:stack`: `<project>/<environment>`. */
  readonly stackTag: string;
}

export interface LeftoverContext {
  /** Name of the stack, for commands. */
  readonly stack: string;
  readonly project: string;
  readonly environment: string;
  /** Environments of the project's other stacks. */
  readonly otherEnvironments: readonly string[];
  readonly region: string;
}

/**
 * Records that a stack's state need not have, and that cost nothing: jobs, of which AWS keeps a list for good (those of tuning inherit its
 * tags), and what `promote` registers.
 */
const records =
  /^(?:training-job|hyper-parameter-tuning-job|processing-job|transform-job|model-package-group|model-package|model-card)$/;

const ec2Id = /^[a-z]+-[0-9a-f]{8,17}$/;

/** What is in no stack: tagged as this stack's and not in its state, or as one that the project does not have. */
export function judgeLeftovers(
  tagged: readonly Tagged[],
  state: readonly StateResource[],
  context: LeftoverContext,
): readonly Finding[] {
  const { project, environment, otherEnvironments } = context;
  const ownTag = `${project}/${environment}`;
  const known = new Set(state.flatMap(({ arn, id }) => [arn ?? "", id]).map(plain));
  // EC2 ids are unique, and not all resources of EC2 tell their ARN.
  const ids = new Set(state.flatMap(({ id, partIds = [] }) => [...(ec2Id.test(id) ? [id] : []), ...partIds]));
  const of = (stackTag: string) => tagged.filter((one) => one.stackTag === stackTag).map(({ arn }) => arn);
  const own = of(ownTag).filter(
    (arn) => !known.has(plain(arn)) && !ids.has(nameIn(arn)) && !records.test(typeIn(arn)),
  );
  const present = new Set([environment, ...otherEnvironments].map((name) => `${project}/${name}`));
  const gone = [...new Set(tagged.map(({ stackTag }) => stackTag))]
    .filter((stackTag) => stackTag.startsWith(`${project}/`) && !present.has(stackTag))
    .sort();
  const prunable = own.filter((arn) => /^(?:endpoint-config|model|log-group)$/.test(typeIn(arn)));
  const findings = [
    ...own.filter((arn) => !prunable.includes(arn)).map((arn) => single(arn, context)),
    ...(prunable.length === 0 ? [] : [prunableFinding(prunable, context)]),
    ...gone.map((stackTag) => strangers(stackTag, of(stackTag), context)),
  ];
  return findings.length > 0
    ? findings
    : [about("leftovers", "tagged", ownTag).ok(`${of(ownTag).length} tagged things, none of them left over`)];
}

const lag = "The list of tags lags behind: look whether it is still there.";

function single(arn: string, { stack, region }: LeftoverContext): Finding {
  const remove = deletion(arn, region);
  return about("leftovers", "tagged", arn).warning(
    "carries this stack's tag and is not in its state",
    "in the state, or not there",
    `${lag} If a deployment was killed: \`npx sagemaker-ops recover --stack ${stack}\`. Else delete it by hand${remove === undefined ? "." : `: ${remove}`}`,
  );
}

function prunableFinding(arns: readonly string[], { stack }: LeftoverContext): Finding {
  return about("leftovers", "tagged", "what releases leave behind").warning(
    `${listed(arns.map((arn) => `${typeIn(arn)} ${nameIn(arn)}`))} not in the state`,
    "the newest few, for SageMaker to go back to",
    `npx sagemaker-ops prune --stack ${stack} shows which of them nothing uses.`,
  );
}

function strangers(stackTag: string, arns: readonly string[], { region }: LeftoverContext): Finding {
  return about("leftovers", "tagged", stackTag).warning(
    `there is no stack file for it here, and ${arns.length === 1 ? "one thing carries" : `${arns.length} things carry`} its tag: ${listed(arns)}`,
    "a stack file, or nothing that carries the tag",
    `If another checkout has its file, all is well. Else look at them: ${consoleUrl(placeOf(region), "resource-groups/tag-editor/find-resources")}`,
  );
}

const shown = 5;

function listed(names: readonly string[]): string {
  const more = names.length - shown;
  return `${[...names].sort().slice(0, shown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** Commands for what costs money while it is there. */
function deletion(arn: string, region: string): string | undefined {
  const name = nameIn(arn);
  const command = {
    endpoint: `sagemaker delete-endpoint --endpoint-name ${name}`,
    "notebook-instance": `sagemaker delete-notebook-instance --notebook-instance-name ${name}`,
    instance: `ec2 terminate-instances --instance-ids ${name}`,
    volume: `ec2 delete-volume --volume-id ${name}`,
    natgateway: `ec2 delete-nat-gateway --nat-gateway-id ${name}`,
    "vpc-endpoint": `ec2 delete-vpc-endpoints --vpc-endpoint-ids ${name}`,
    function: `lambda delete-function --function-name ${name}`,
    alarm: `cloudwatch delete-alarms --alarm-names ${name}`,
    key: `kms schedule-key-deletion --key-id ${name}`,
  }[typeIn(arn)];
  return command === undefined ? undefined : `aws ${command} --region ${region}`;
}

/** `endpoint` of `arn:aws:sagemaker:us-east-1:123456789012:endpoint/x`; nothing of a bucket or a topic, whose ARN is all name. */
function typeIn(arn: string): string {
  return /^(?:[^:]*:){5}([a-z-]+)[/:]/.exec(arn)?.[1] ?? "";
}

/** All behind the type: names may have slashes. */
function nameIn(arn: string): string {
  const rest = arn.split(":").slice(5).join(":");
  const type = typeIn(arn);
  return type === "" ? rest : rest.slice(type.length + 1);
}

/** CloudWatch Logs writes its ARNs in two ways. */
function plain(arn: string): string {
  return arn.replace(/:\*$/, "");
}
