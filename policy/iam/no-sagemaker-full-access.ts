import type { ResourceValidationPolicy } from "@pulumi/policy";
import { type Finding, reportAll, unknownFinding } from "../reporting";
import { asList, asObject, type Properties, pick, UNKNOWN } from "../values";
import { ATTACH_POINTS, type AttachPoint, TEMPLATES } from "./attach-points";
import { AREAS_OF_FULL_ACCESS, fullAccess } from "./canaries";
import { readDocument } from "./document";
import { fullAccessInTemplate, isFullAccessArn } from "./managed-policy";

const DESCRIPTION =
  "No principal gets full access to SageMaker, neither by AmazonSageMakerFullAccess nor by a document that amounts to it.";

const REMEDY =
  "Grant the actions that are used on the ARNs they are used on, for instance sagemaker:InvokeEndpoint on one endpoint.";

/** Resource rule over every attach point of `attach-points.ts`. */
export function noSagemakerFullAccess(): ResourceValidationPolicy {
  return {
    name: "iam-no-sagemaker-full-access",
    displayName: "No full SageMaker access",
    description: DESCRIPTION,
    enforcementLevel: "mandatory",
    severity: "critical",
    tags: ["iam", "sagemaker"],
    url: "https://docs.aws.amazon.com/sagemaker/latest/dg/security-iam-awsmanpol.html",
    remediationSteps: REMEDY,
    validateResource: (args, report) => {
      const attachPoint = ATTACH_POINTS[args.type];
      const template = TEMPLATES[args.type];
      if (attachPoint === undefined && template === undefined) {
        args.notApplicable("The resource attaches no policy to a principal.");
        return;
      }
      const findings = [
        ...(attachPoint === undefined ? [] : findingsAt(attachPoint, args.props)),
        ...(template === undefined ? [] : templateFindings(template, args.props)),
      ];
      reportAll(report, DESCRIPTION, findings);
    },
  };
}

function findingsAt(attachPoint: AttachPoint, props: object): readonly Finding[] {
  const paths = [...(attachPoint.arns ?? []), ...(attachPoint.documents ?? [])];
  const properties = pick(
    props,
    paths.map((path) => path.split(/\[\]|\./)[0] ?? path),
  );

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
  if (value === UNKNOWN) return [unknownFinding(path)];
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
      return [unknownFinding(path)];
    case "malformed":
      return [
        violation(`${path} cannot be read as a policy: ${document.reason}. Give a policy document as JSON.`),
      ];
    case "document": {
      const unknown =
        document.unknown === 0 ? [] : [unknownFinding(`${path}: ${document.unknown} element(s)`)];
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

function templateFindings(property: string, props: object): readonly Finding[] {
  const value = pick(props, [property])[property];
  if (value === UNKNOWN) return [unknownFinding(property)];
  if (value === undefined || value === null) return [];
  if (typeof value !== "string")
    return [violation(`${property} is no text, so what it attaches cannot be told.`)];

  return fullAccessInTemplate(value).map((what) => violation(`${property} ${what}. ${REMEDY}`));
}

function violation(text: string): Finding {
  return { level: "violation", text };
}
