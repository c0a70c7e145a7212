import type { FakeAccount } from "./fake-account";
import { pageOf, Refusal } from "./fake-aws";

/** A version of a model package group. */
export interface FakePackage {
  readonly arn: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly token: string;
  /** The call that made it, as it came. */
  readonly input: CreateInput;
  approval: string;
  approvalDescription?: string;
  card?: { readonly ModelCardContent?: string; readonly ModelCardStatus?: string };
}

export interface CreateInput {
  readonly ModelPackageGroupName?: string;
  readonly ModelPackageDescription?: string;
  readonly ModelApprovalStatus?: string;
  readonly InferenceSpecification?: {
    readonly Containers: readonly { readonly Image: string; readonly ModelDataUrl?: string }[];
    readonly SupportedContentTypes?: readonly string[];
    readonly SupportedResponseMIMETypes?: readonly string[];
  };
  readonly CustomerMetadataProperties?: Readonly<Record<string, string>>;
  readonly ModelCard?: { readonly ModelCardContent?: string; readonly ModelCardStatus?: string };
  readonly ClientToken?: string;
  readonly Tags?: unknown;
}

interface UpdateInput {
  readonly ModelPackageArn?: string;
  readonly ModelApprovalStatus?: string;
  readonly ApprovalDescription?: string;
  readonly ModelCard?: FakePackage["card"];
}

const seconds = (date: Date) => date.getTime() / 1000;

/** The caller, as STS tells it. */
export function callerArn({ accountId, caller }: FakeAccount): string {
  return `arn:aws:iam::${accountId}:user/${caller}`;
}

/** The model registry. Bounds and patterns are those of the API's model; that AWS keeps a card's schema is not among them. */
export const registryOperations: Readonly<Record<string, (account: FakeAccount, input: never) => unknown>> = {
  ListModelPackageGroups: ({ packageGroups }, { NextToken }: { NextToken?: string }) => {
    const { items, next } = pageOf([...packageGroups.keys()], NextToken);
    return {
      ModelPackageGroupSummaryList: items.map((name) => ({
        ModelPackageGroupName: name,
        ModelPackageGroupStatus: "Completed",
        CreationTime: 0,
      })),
      NextToken: next,
    };
  },
  ListModelPackages: (
    { packageGroups },
    { ModelPackageGroupName: group, NextToken }: { ModelPackageGroupName?: string; NextToken?: string },
  ) => {
    if (group === undefined) return { ModelPackageSummaryList: [] };
    const { items, next } = pageOf(groupOf(packageGroups, group), NextToken);
    return {
      ModelPackageSummaryList: items.map((one) => ({
        ModelPackageArn: one.arn,
        ModelPackageGroupName: group,
        ModelPackageVersion: one.version,
        ModelPackageStatus: "Completed",
        ModelApprovalStatus: one.approval,
        CreationTime: seconds(one.createdAt),
      })),
      NextToken: next,
    };
  },
  DescribeModelPackage: ({ packageGroups }, { ModelPackageName = "" }: { ModelPackageName?: string }) => {
    const found = packageOf(packageGroups, ModelPackageName);
    const { ModelPackageGroupName, ModelPackageDescription, InferenceSpecification } = found.input;
    return {
      ModelPackageName: ModelPackageGroupName,
      ModelPackageGroupName,
      ModelPackageDescription,
      InferenceSpecification,
      ModelPackageArn: found.arn,
      ModelPackageVersion: found.version,
      ModelPackageStatus: "Completed",
      ModelPackageStatusDetails: { ValidationStatuses: [] },
      CreationTime: seconds(found.createdAt),
      CreatedBy: { IamIdentity: { Arn: found.createdBy } },
      CustomerMetadataProperties: found.input.CustomerMetadataProperties,
      ModelApprovalStatus: found.approval,
      ApprovalDescription: found.approvalDescription,
      ModelCard: found.card,
    };
  },
  CreateModelPackage: (account, input: CreateInput) => {
    const { ModelPackageGroupName: group = "", ClientToken: token = "" } = input;
    const versions = groupOf(account.packageGroups, group);
    requireSound(input);
    const before = versions.find((one) => one.token === token);
    if (before !== undefined) {
      if (JSON.stringify(before.input) === JSON.stringify(input)) return { ModelPackageArn: before.arn };
      throw new Refusal("ConflictException", "The token was used for another request.");
    }
    const version = Math.max(0, ...versions.map((one) => one.version)) + 1;
    const made: FakePackage = {
      arn: `arn:aws:sagemaker:us-east-1:${account.accountId}:model-package/${group.toLowerCase()}/${version}`,
      version,
      createdAt: new Date(),
      createdBy: callerArn(account),
      token,
      input,
      approval: input.ModelApprovalStatus ?? "PendingManualApproval",
      ...(input.ModelCard === undefined ? {} : { card: input.ModelCard }),
    };
    versions.push(made);
    return { ModelPackageArn: made.arn };
  },
  UpdateModelPackage: ({ packageGroups }, input: UpdateInput) => {
    const found = packageOf(packageGroups, input.ModelPackageArn ?? "");
    if ((input.ApprovalDescription ?? "").length > 1024 || /\n/.test(input.ApprovalDescription ?? ""))
      throw new Refusal("ValidationException", "ApprovalDescription is not sound.");
    found.approval = input.ModelApprovalStatus ?? found.approval;
    if (input.ApprovalDescription !== undefined) found.approvalDescription = input.ApprovalDescription;
    if (input.ModelCard !== undefined) found.card = input.ModelCard;
    return { ModelPackageArn: found.arn };
  },
};

function requireSound(input: CreateInput): void {
  const { Tags, ClientToken = "", CustomerMetadataProperties = {}, InferenceSpecification } = input;
  const faults = [
    ...(Tags === undefined ? [] : ["a version in a group takes no tags"]),
    ...(/^[a-zA-Z0-9-]{1,36}$/.test(ClientToken) ? [] : ["ClientToken"]),
    ...((input.ModelPackageDescription ?? "").length <= 1024 ? [] : ["ModelPackageDescription"]),
    ...Object.entries(CustomerMetadataProperties)
      .filter(
        ([key, value]) =>
          !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u.test(key) ||
          !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,256}$/u.test(value),
      )
      .map(([key]) => `CustomerMetadataProperties.${key}`),
    ...(InferenceSpecification?.SupportedContentTypes === undefined ? ["SupportedContentTypes"] : []),
    ...(InferenceSpecification?.SupportedResponseMIMETypes === undefined
      ? ["SupportedResponseMIMETypes"]
      : []),
    ...((input.ModelCard?.ModelCardContent ?? "").length <= 100_000 ? [] : ["ModelCardContent"]),
  ];
  if (faults.length > 0) throw new Refusal("ValidationException", faults.join(", "));
}

function groupOf(groups: FakeAccount["packageGroups"], name: string): FakePackage[] {
  const found = groups.get(name);
  if (found === undefined)
    throw new Refusal("ValidationException", `Model Package Group ${name} does not exist.`);
  return found;
}

function packageOf(groups: FakeAccount["packageGroups"], arn: string): FakePackage {
  const found = [...groups.values()].flat().find((one) => one.arn === arn);
  if (found === undefined) throw new Refusal("ValidationException", `ModelPackage ${arn} does not exist.`);
  return found;
}
