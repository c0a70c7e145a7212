import { createHash } from "node:crypto";
import type { CreateModelPackageCommandInput } from "@aws-sdk/client-sagemaker";
import type { StackConfig } from "../../../infra/config/schema/stack";
import { imageUri, usesGpu } from "../../../infra/rules/images";
import { containerEnvironment } from "../../../infra/rules/variants";
import type { DeclaredStack } from "../aws/stack-config";
import { placeOf } from "../operate/console-pages";
import { type Approval, artifactUri, metadataKeys } from "./packages";

/** What is registered about an artifact. */
export interface Registered {
  readonly groupName: string;
  readonly modelsBucketName: string;
  readonly model: string;
  readonly digest: string;
  readonly sizeBytes: number;
  readonly classes: number;
  readonly validationAccuracy: number | undefined;
  /** Job, box or file. */
  readonly source: string;
  /** ARN of whoever registers it. */
  readonly registeredBy: string;
  readonly approval: Approval;
}

/** What the serving container reads and writes; docs/serving.md. */
const contentTypes = ["image/jpeg", "image/png", "application/json"];
const answerTypes = ["application/json"];

/**
 * The call that registers an artifact. Of the same artifact, registered by the same identity, it is the same to the byte: with its
 * token it can be sent again. It has no tags, since a version has those of its group.
 */
export function packageInput(what: Registered, declared: DeclaredStack): CreateModelPackageCommandInput {
  const { groupName, modelsBucketName, model, digest, approval } = what;
  return {
    ModelPackageGroupName: groupName,
    ModelPackageDescription: `${model} of ${stackOf(declared)}, sha256 ${digest}`,
    ModelApprovalStatus: approval,
    InferenceSpecification: {
      Containers: [
        {
          Image: servingImage(declared.config, model),
          ModelDataUrl: artifactUri(modelsBucketName, digest),
          Environment: containerEnvironment(model, digest),
        },
      ],
      SupportedContentTypes: contentTypes,
      SupportedResponseMIMETypes: answerTypes,
    },
    CustomerMetadataProperties: metadata(what, declared),
    ModelCard: {
      ModelCardContent: modelCard(what, declared),
      ModelCardStatus: approval === "Approved" ? "Approved" : "PendingReview",
    },
    ClientToken: createHash("sha256").update(`${groupName} ${digest}`).digest("hex").slice(0, 36),
  };
}

/** The image of the first endpoint that serves the model, or shadows with it; that for CPUs where there is none. */
export function servingImage({ endpoints, images, region }: StackConfig, model: string): string {
  const hosts = Object.values(endpoints).flatMap((endpoint) => {
    const { serving } = endpoint;
    const shadow = serving.kind === "instances" ? serving.shadow : undefined;
    return [
      ...(endpoint.model === model ? [serving.kind === "serverless" ? undefined : serving.instanceType] : []),
      ...(shadow?.model === model ? [shadow.instanceType] : []),
    ];
  });
  const [instanceType] = hosts;
  const gpu = instanceType !== undefined && usesGpu("hosting", instanceType);
  return imageUri(placeOf(region), images.serving, gpu);
}

/** Text as the registry takes it in metadata: at most 256 letters, digits, spaces and `_.:/=+-@`. */
export function metadataText(text: string): string {
  // A letter of two halves is not cut in two.
  return text
    .replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_")
    .slice(0, 256)
    .replace(/[\ud800-\udbff]$/, "");
}

function metadata(
  { digest, source, registeredBy, validationAccuracy }: Registered,
  declared: DeclaredStack,
): Record<string, string> {
  return {
    [metadataKeys.digest]: digest,
    [metadataKeys.source]: metadataText(source),
    [metadataKeys.registeredBy]: metadataText(registeredBy),
    [metadataKeys.stack]: metadataText(stackOf(declared)),
    ...(validationAccuracy === undefined
      ? {}
      : { [metadataKeys.validationAccuracy]: String(validationAccuracy) }),
  };
}

/**
 * The card by the schema for model packages, which knows only these two keys of an overview:
 * https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-details.html#model-card-schema
 */
function modelCard(what: Registered, declared: DeclaredStack): string {
  const { model, digest, sizeBytes, classes, validationAccuracy, source, registeredBy } = what;
  const { owner } = declared.config;
  return JSON.stringify({
    model_overview: {
      model_creator: owner,
      model_artifact: [artifactUri(what.modelsBucketName, digest)],
    },
    intended_uses: { intended_uses: `Tells ${classes} classes of images apart, as ${model}.` },
    training_details: { training_observations: source },
    ...(validationAccuracy === undefined
      ? {}
      : {
          evaluation_details: [
            {
              name: "Validation images",
              metric_groups: [
                {
                  name: "classification",
                  metric_data: [
                    {
                      name: "accuracy",
                      type: "number",
                      value: validationAccuracy,
                      notes: "Share of validation images classified right.",
                    },
                  ],
                },
              ],
            },
          ],
        }),
    additional_information: {
      custom_details: {
        sha256: digest,
        bytes: String(sizeBytes),
        classes: String(classes),
        stack: stackOf(declared),
        registered_by: registeredBy,
      },
    },
  });
}

function stackOf({ naming }: DeclaredStack): string {
  return `${naming.project}/${naming.environment}`;
}
