import { asList, asObject, type Properties, plain } from "../values";
import { fullAccess } from "./canaries";
import { readDocument } from "./document";

// All partitions (aws, aws-cn, aws-us-gov, aws-iso…, aws-eusc) and paths such as service-role/. An account's own policy of that
// name is another policy, and its document is looked at instead.
const FULL_ACCESS_ARN = /^arn:aws[a-z0-9-]*:iam::aws:policy\/(?:[\w+=,.@-]+\/)*AmazonSageMakerFullAccess$/;

// In a template the partition may be `${AWS::Partition}`.
const FULL_ACCESS_IN_TEXT = /:iam::aws:policy\/(?:[\w+=,.@-]+\/)*AmazonSageMakerFullAccess(?![\w+=,.@-])/;

export function isFullAccessArn(arn: string): boolean {
  return FULL_ACCESS_ARN.test(arn.trim());
}

/**
 * What in a CloudFormation template gives full access, as ends of the sentence "templateBody …". The managed policy is found in JSON and
 * YAML; documents only in JSON, as the pack carries no YAML parser.
 */
export function fullAccessInTemplate(template: string): readonly string[] {
  const attached = FULL_ACCESS_IN_TEXT.test(template) ? ["attaches AmazonSageMakerFullAccess"] : [];
  const granted = documentsIn(parseJson(template)).some((document) => {
    const read = readDocument(document);
    return read.kind === "document" && fullAccess(read.statements) !== undefined;
  });
  return granted ? [...attached, "holds a policy document that amounts to full SageMaker access"] : attached;
}

function documentsIn(value: unknown): readonly Properties[] {
  if (Array.isArray(value)) return asList(value).flatMap(documentsIn);

  const object = asObject(value);
  if (object === undefined) return [];
  const inner = Object.values(object).flatMap(documentsIn);
  return "Statement" in object ? [object, ...inner] : inner;
}

function parseJson(text: string): unknown {
  try {
    return plain(JSON.parse(text));
  } catch {
    // A template that is no JSON is YAML, of which only the text is searched.
    return undefined;
  }
}
