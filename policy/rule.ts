import type {
  EnforcementLevel,
  PolicyConfigSchema,
  ResourceValidation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
  StackValidationPolicy,
} from "@pulumi/policy";
import { validateResourceOfType } from "@pulumi/policy";
import { applyExemptions, exempt } from "./exemptions";
import { type Finding, reportAll, UNDECIDED, violation } from "./findings";
import { defaultsOf, type Fields, readSettings, type Settings } from "./settings";
import { stackSubjects, toSubject } from "./subjects";
import type { Properties } from "./values";

export type Group =
  | "iam"
  | "cost"
  | "notebook"
  | "endpoint"
  | "training"
  | "compute"
  | "network"
  | "storage"
  | "lambda"
  | "logs"
  | "secrets";

/** What is told about a rule, in the engine's reports and in the rule reference. */
export interface RuleInfo {
  /** Name of the policy, `group-subject`; stable, since configuration files use it. */
  readonly id: string;
  /** A few words. */
  readonly title: string;
  /** What holds wherever the rule passes, as one sentence. */
  readonly sentence: string;
  readonly severity: Severity;
  /** `production`: advisory by default, and mandatory under the profile for production (`profiles/production.json`). */
  readonly level: "mandatory" | "production" | "advisory";
  readonly group: Group;
  /** Controls of AWS Security Hub that ask for the same, such as `SageMaker.3`. @default [] */
  readonly standards?: readonly string[];
  /** What to do about a violation. */
  readonly remediation: string;
  /** A page of AWS that gives the reason. */
  readonly url: string;
}

/** For each resource type that a rule looks at: the properties it reads. Nothing else is copied, or can be told. */
export type Reads = Readonly<Record<string, readonly string[]>>;

/** A resource as a rule sees it: plain copies of the properties it reads, `UNKNOWN` where a preview does not know. */
export interface Subject {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  readonly properties: Properties;
  /** Of the resource, else of its provider. @default - neither says */
  readonly region: string | undefined;
  readonly protect: boolean;
}

/** A resource among the others of its stack. Properties are outputs here. */
export interface StackSubject extends Subject {
  /** @default - the stack itself */
  readonly parent: string | undefined;
  /** URNs by the property that refers to them: what joins two resources while their ids are unknown. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
}

/** For those who run rules without the engine, which is the only one to call `configure`. */
export interface RunOptions {
  /** Settings by rule; what the engine configures goes over them. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** `YYYY-MM-DD`, by which exemptions end. @default the day in UTC */
  readonly today?: string;
}

export interface Rule extends RuleInfo {
  readonly kind: "resource" | "stack";
  readonly reads: Reads;
  /** Its own settings and `exempt`. */
  readonly fields: Fields;
  policy(options?: RunOptions): ResourceValidationPolicy | StackValidationPolicy;
}

interface Spec<F extends Fields> extends RuleInfo {
  readonly reads: Reads;
  readonly fields?: F;
}

/** A rule about one resource at a time, judged before it is created. `check` is pure and total. */
export function resourceRule<F extends Fields = Record<never, never>>(
  spec: Spec<F> & { check(subject: Subject, settings: Settings<F>): readonly Finding[] },
): Rule {
  const fields = { ...spec.fields, exempt };
  const types = Object.keys(spec.reads);
  // Sent for every other resource, so it does not list two dozen types.
  const reason = `The rule looks at ${types.length > 3 ? `${types.length} other types` : types.join(", ")}.`;

  return {
    ...spec,
    kind: "resource",
    fields,
    policy: (options = {}) => {
      const base = baseSettings(spec, fields, options);
      const elsewhere = notApplicable(reason);
      const validate: ResourceValidation = (args, report) => {
        const reads = Object.hasOwn(spec.reads, args.type) ? spec.reads[args.type] : undefined;
        if (reads === undefined) {
          return elsewhere(args);
        }
        const { settings, problems } = readSettings(fields, args.getConfig(), base.settings);
        const subject = toSubject(args, reads);
        const found = guarded(() => spec.check(subject, settings as unknown as Settings<F>));
        const findings = applyExemptions(found, subject, settings.exempt, today(options));
        reportAll(report, spec.sentence, [
          ...wrongSettings(spec.id, [...base.problems, ...problems]),
          ...findings,
        ]);
      };
      return { ...toPolicy(spec, fields), validateResource: fastFor(types, validate) };
    },
  };
}

/** A rule about resources of a stack together, judged after a preview or an update. `check` is pure and total. */
export function stackRule<F extends Fields = Record<never, never>>(
  spec: Spec<F> & { check(resources: readonly StackSubject[], settings: Settings<F>): readonly Finding[] },
): Rule {
  const fields = { ...spec.fields, exempt };

  return {
    ...spec,
    kind: "stack",
    fields,
    policy: (options = {}) => {
      const base = baseSettings(spec, fields, options);
      return {
        ...toPolicy(spec, fields),
        validateStack: (args, report) => {
          const { settings, problems } = readSettings(fields, args.getConfig(), base.settings);
          const subjects = stackSubjects(args, spec.reads);
          const found = guarded(() => spec.check(subjects, settings as unknown as Settings<F>));
          const byUrn = new Map(found.length === 0 ? [] : subjects.map((subject) => [subject.urn, subject]));
          const findings = found.flatMap((finding) =>
            applyExemptions([finding], about(finding, byUrn), settings.exempt, today(options)),
          );
          reportAll(report, spec.sentence, [
            ...wrongSettings(spec.id, [...base.problems, ...problems]),
            ...findings,
          ]);
        },
      };
    },
  };
}

function toPolicy(spec: RuleInfo, fields: Fields) {
  const enforcementLevel: EnforcementLevel = spec.level === "mandatory" ? "mandatory" : "advisory";
  const controls = (spec.standards ?? []).join(", ");
  return {
    name: spec.id,
    displayName: spec.title,
    description: spec.sentence,
    enforcementLevel,
    severity: spec.severity,
    tags: [spec.group],
    remediationSteps: spec.remediation,
    url: spec.url,
    configSchema: schemaOf(fields),
    ...(controls === "" ? {} : { framework: { ...SECURITY_HUB, specification: controls } }),
  };
}

const SECURITY_HUB = {
  name: "AWS Security Hub CSPM controls",
  version: "2026-09",
  reference: "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-controls-reference.html",
};

export function schemaOf(fields: Fields): PolicyConfigSchema {
  return {
    properties: Object.fromEntries(
      Object.entries(fields).map(([name, { schema, description }]) => [name, { ...schema, description }]),
    ),
  };
}

function baseSettings<F extends Fields>({ id }: RuleInfo, fields: F, { settings }: RunOptions) {
  return readSettings(fields, settings?.[id], defaultsOf(fields));
}

function wrongSettings(id: string, problems: readonly string[]): readonly Finding[] {
  return problems.map((problem) =>
    violation(
      `The configuration of ${id} is wrong: ${problem}. Correct it; until then the rule does not hold as meant.`,
    ),
  );
}

// A rule that fails must not stop a deployment, and must not pass in silence either. The message of the error could quote a property.
function guarded(check: () => readonly Finding[]): readonly Finding[] {
  try {
    return check();
  } catch (error) {
    const name = error instanceof Error ? error.name : "an error";
    return [
      {
        kind: "undecided",
        text: `${UNDECIDED} the rule itself failed with ${name}; please report it to its makers.`,
      },
    ];
  }
}

/**
 * The SDK's answer is an exception, and dozens of rules have nothing to say of any one resource: made once for each of them and thrown
 * again, it costs no stack trace each time.
 */
function notApplicable(reason: string): (args: ResourceValidationArgs) => never {
  let answer: unknown;
  return (args) => {
    if (answer === undefined) {
      try {
        args.notApplicable(reason);
      } catch (error) {
        answer = error;
      }
    }
    throw answer;
  };
}

// With one type attached to the function the SDK skips other resources before it copies their properties.
function fastFor(types: readonly string[], validate: ResourceValidation): ResourceValidation {
  const [only, ...others] = types;
  if (only === undefined || others.length > 0) return validate;
  const resourceClass = { __pulumiType: only } as unknown as Parameters<typeof validateResourceOfType>[0];
  return validateResourceOfType(resourceClass, (_properties, args, report) => validate(args, report));
}

function about(
  { urn = "" }: Finding,
  subjects: ReadonlyMap<string, StackSubject>,
): { name: string; urn: string } {
  return subjects.get(urn) ?? { name: "stack", urn };
}

function today({ today: given }: RunOptions): string {
  return given ?? new Date().toISOString().slice(0, 10);
}
