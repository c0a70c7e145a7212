import { type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { asList, asObject, type Properties, UNKNOWN } from "../values";
import { ATTACH_POINTS, type AttachPoint, TEMPLATES } from "./attach-points";
import { AREAS_OF_FULL_ACCESS, fullAccess } from "./canaries";
import { readDocument } from "./document";
import { fullAccessInTemplate, isFullAccessArn } from "./managed-policy";

const REMEDY =
  "Grant the actions that are used on the ARNs they are used on, for instance sagemaker:InvokeEndpoint on one endpoint.";

const POINTS = Object.entries(ATTACH_POINTS).map(([type, point]) => [type, propertiesOf(point)] as const);
const STACKS = Object.entries(TEMPLATES).map(([type, property]) => [type, [property]] as const);

/** Over every attach point of `attach-points.ts`. */
export const noSagemakerFullAccess = resourceRule({
  id: "iam-no-sagemaker-full-access",
  title: "No full SageMaker access",
  sentence:
    "No principal gets full access to SageMaker, neither by AmazonSageMakerFullAccess nor by a document that amounts to it.",
  severity: "critical",
  level: "mandatory",
  group: "iam",
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol.html",
  reads: Object.fromEntries([...POINTS, ...STACKS]),
  check: ({ type, properties }) => {
    const attachPoint = ATTACH_POINTS[type];
    const template = TEMPLATES[type];
    return [
      ...(attachPoint === undefined ? [] : findingsAt(attachPoint, properties)),
      ...(template === undefined ? [] : templateFindings(template, properties)),
    ];
  },
});

function propertiesOf({ arns = [], documents = [] }: AttachPoint): readonly string[] {
  return [...new Set([...arns, ...documents].map((path) => path.split(/\[\]|\./)[0] ?? path))];
}

function findingsAt(attachPoint: AttachPoint, properties: Properties): readonly Finding[] {
  return [
    ...(attachPoint.arns ?? []).flatMap((path) =>
      follow(properties, path).flatMap((found) => arnFinding(found)),
    ),
    ...(attachPoint.documents ?? []).flatMap((path) =>
      follow(properties, path).flatMap((found) => documentFindings(found)),
    ),
  ];
}

interface Found {
  readonly path: string;
  readonly value: unknown;
}

/** The values at a path such as `inlinePolicies[].policy`, each with its own path for messages. */
function follow(properties: Properties, path: string): readonly Found[] {
  const [list, rest] = path.split("[]");
  if (rest === undefined || list === undefined) return [{ path, value: properties[path] }];

  const value = properties[list];
  if (value === UNKNOWN) return [{ path: list, value }];
  return asList(value).map((entry, index) => {
    const key = rest.replace(/^\./, "");
    const inner = key === "" || entry === UNKNOWN ? entry : asObject(entry)?.[key];
    return { path: `${list}[${index}]${rest}`, value: inner };
  });
}

function arnFinding({ path, value }: Found): readonly Finding[] {
  if (value === UNKNOWN) return [undecided(path)];
  if (value === undefined || value === null) return [];
  if (typeof value !== "string") {
    return [
      violation(`${path} is no text, so the policy it attaches cannot be told. Give the policy's ARN.`),
    ];
  }
  return isFullAccessArn(value) ? [violation(`${path} attaches ${value.trim()}. ${REMEDY}`)] : [];
}

function documentFindings({ path, value }: Found): readonly Finding[] {
  const document = readDocument(value);
  switch (document.kind) {
    case "absent":
      return [];
    case "unknown":
      return [undecided(path)];
    case "malformed":
      return [
        violation(`${path} cannot be read as a policy: ${document.reason}. Give a policy document as JSON.`),
      ];
    case "document": {
      const unknown = document.unknown === 0 ? [] : [undecided(`${path}: ${document.unknown} element(s)`)];
      const malformed = document.problems.map((problem) =>
        violation(`${path} cannot be judged: ${problem}. Write the statement as IAM's grammar has it.`),
      );
      const full = fullAccess(document.statements);
      if (full === undefined) return [...malformed, ...unknown];

      const labels = [...new Set(full.verdicts.map(({ statement }) => statement.label))].join(", ");
      const conditions = full.verdicts.some(({ statement }) => statement.conditional)
        ? " Its conditions are taken as met."
        : "";
      const actions = full.verdicts.map(({ canary }) => canary.action.replace(/^sagemaker:/, "")).join(", ");
      const text = `${path} amounts to full SageMaker access: ${labels} reach ${full.areas.length} of its areas on any resource (${full.areas.join(", ")}; ${AREAS_OF_FULL_ACCESS} are too many), among the actions ${actions}.${conditions} ${REMEDY}`;
      return [violation(text), ...malformed, ...unknown];
    }
  }
}

function templateFindings(property: string, properties: Properties): readonly Finding[] {
  const value = properties[property];
  if (value === UNKNOWN) return [undecided(property)];
  if (value === undefined || value === null) return [];
  if (typeof value !== "string")
    return [violation(`${property} is no text, so what it attaches cannot be told.`)];

  return fullAccessInTemplate(value).map((what) => violation(`${property} ${what}. ${REMEDY}`));
}
