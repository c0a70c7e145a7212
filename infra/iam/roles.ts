import type { ImageConfig } from "../rules/images";
import { type Place, regionalArn } from "../rules/place";
import { answerAsynchronously } from "./async-inference";
import { keepCheckpoints } from "./checkpoints";
import { type PolicyDocument, policyDocument, type Statement } from "./document";
import { invokeEndpoint } from "./invoke-endpoint";
import { keepFailedCalls } from "./keep-failed-calls";
import { type NetworkPlacement, useNetworkInterfaces } from "./network-interfaces";
import { keepNotebookFiles } from "./notebook-files";
import { pullImage } from "./pull-image";
import { putMetrics } from "./put-metrics";
import { readArtifacts } from "./read-artifacts";
import { readCode } from "./read-code";
import { type DataLocation, readData } from "./read-data";
import { readImages } from "./read-images";
import { readJobs } from "./read-jobs";
import { useSessionManager } from "./session-manager";
import { stopInstance, stopNotebook } from "./stop-development";
import { traceCalls } from "./trace-calls";
import { serviceTrust } from "./trust";
import { decryptWithKey, encryptOutputs, encryptVolumes, encryptWithKey } from "./use-key";
import { writeCapture } from "./write-capture";
import {
  deliverFlowLogs,
  sharedLogGroups,
  writeEndpointLogs,
  writeLogStreams,
  writeSharedLogs,
} from "./write-logs";
import { writeBoxResults, writeJobResults } from "./write-results";

/** Who may assume a role, and all that it may do. */
export interface RolePolicies {
  readonly trust: PolicyDocument;
  readonly permissions: PolicyDocument;
}

interface Encryption {
  /**
   * ARN of the stack's key, where `storage.encryption` is `kms`.
   * @default - S3 encrypts with its own keys, and the role has nothing to do with KMS
   */
  readonly keyArn?: string | undefined;
}

interface InNetwork {
  /** @default - AWS-managed networking, and no network interfaces */
  readonly network?: NetworkPlacement | undefined;
}

interface WithVolumes {
  /** Whether `volumeEncryption` is `kms` somewhere; takes effect with `keyArn`. @default false */
  readonly encryptsVolumes?: boolean | undefined;
}

export interface TrainingRoleArgs extends Encryption, InNetwork, WithVolumes {
  readonly place: Place;
  readonly data: DataLocation;
  readonly outputBucketName: string;
  readonly image: ImageConfig;
  /** What the names of all training and tuning jobs of the stack begin with. */
  readonly jobNamePrefix: string;
}

/** Training and tuning jobs: read data, weights and code; write results and checkpoints. */
export function trainingRole(args: TrainingRoleArgs): RolePolicies {
  const { place, data, outputBucketName, image, jobNamePrefix, network, keyArn, encryptsVolumes } = args;
  return {
    trust: serviceTrust("sagemaker", place),
    permissions: policyDocument([
      ...readData(place, data),
      ...readCode(place, outputBucketName),
      ...writeJobResults(place, outputBucketName),
      ...keepCheckpoints(place, outputBucketName),
      ...pullImage(place, image),
      ...writeSharedLogs(place, sharedLogGroups.training, jobNamePrefix),
      ...putMetrics("training"),
      ...inNetwork(place, network),
      ...(keyArn === undefined
        ? []
        : [
            ...decryptWithKey(place, keyArn, ["s3"]),
            ...encryptWithKey(place, keyArn, ["s3"]),
            ...encryptOutputs(place, keyArn),
          ]),
      ...withVolumes(place, keyArn, encryptsVolumes),
    ]),
  };
}

export interface ServingRoleArgs extends Encryption, InNetwork, WithVolumes {
  readonly place: Place;
  readonly modelsBucketName: string;
  readonly outputBucketName: string;
  readonly endpointName: string;
  readonly logGroupName: string;
  readonly image: ImageConfig;
  /** Whether data capture is on. @default false */
  readonly captures?: boolean | undefined;
  /** Whether requests and answers are objects in the output bucket. @default false */
  readonly asynchronous?: boolean | undefined;
}

/** The model of one endpoint: reads promoted artifacts, and writes what its own configuration asks for. */
export function servingRole(args: ServingRoleArgs): RolePolicies {
  const { place, outputBucketName, endpointName, captures = false, asynchronous = false, keyArn } = args;
  const writesObjects = captures || asynchronous;
  return {
    trust: serviceTrust("sagemaker", place),
    permissions: policyDocument([
      ...readArtifacts(place, args.modelsBucketName),
      ...pullImage(place, args.image),
      ...writeEndpointLogs(place, args.logGroupName),
      ...putMetrics("serving"),
      ...(captures ? writeCapture(place, outputBucketName, endpointName) : []),
      ...(asynchronous ? answerAsynchronously(place, outputBucketName, endpointName) : []),
      ...inNetwork(place, args.network),
      ...(keyArn === undefined ? [] : decryptWithKey(place, keyArn, ["s3"])),
      ...(keyArn === undefined || !writesObjects
        ? []
        : [...encryptWithKey(place, keyArn, ["s3"]), ...encryptOutputs(place, keyArn)]),
      ...withVolumes(place, keyArn, args.encryptsVolumes),
    ]),
  };
}

export interface NotebookRoleArgs extends Encryption, InNetwork {
  readonly place: Place;
  readonly notebookName: string;
  readonly data: DataLocation;
  readonly outputBucketName: string;
  /** What the names of all training and tuning jobs of the stack begin with. */
  readonly jobNamePrefix: string;
}

/** People in the notebook: read data and jobs, keep files of their own; nothing is trained or deployed from here. */
export function notebookRole(args: NotebookRoleArgs): RolePolicies {
  const { place, notebookName, outputBucketName, keyArn } = args;
  return {
    trust: serviceTrust("sagemaker", place),
    permissions: policyDocument([
      ...readData(place, args.data),
      ...keepNotebookFiles(place, outputBucketName),
      ...readJobs(place, args.jobNamePrefix),
      ...stopNotebook(place, notebookName),
      ...writeSharedLogs(place, sharedLogGroups.notebook, `${notebookName}/`),
      ...inNetwork(place, args.network),
      ...readAndWrite(place, keyArn),
      ...withVolumes(place, keyArn, true),
    ]),
  };
}

export interface TrainingBoxRoleArgs extends Encryption {
  readonly place: Place;
  readonly data: DataLocation;
  readonly outputBucketName: string;
}

/** The training box: what a training job reads and keeps, results in a prefix of its own, and Session Manager. */
export function trainingBoxRole(args: TrainingBoxRoleArgs): RolePolicies {
  const { place, data, outputBucketName, keyArn } = args;
  return {
    trust: serviceTrust("ec2", place),
    permissions: policyDocument([
      ...readData(place, data),
      ...readCode(place, outputBucketName),
      ...writeBoxResults(place, outputBucketName),
      ...keepCheckpoints(place, outputBucketName),
      ...useSessionManager(place),
      ...readAndWrite(place, keyArn),
    ]),
  };
}

export interface FunctionRoleArgs extends Encryption {
  readonly place: Place;
  readonly endpointName: string;
  readonly logGroupName: string;
  /** Buckets that requests may name; `keyArn` takes effect with one. @default none */
  readonly imageBuckets?: readonly string[] | undefined;
  /** Queue of the asynchronous calls that failed. @default - they are dropped */
  readonly failedCallsQueueName?: string | undefined;
  /** Whether Lambda traces by itself. @default false */
  readonly traces?: boolean | undefined;
}

/** The function in front of one endpoint: that endpoint, its own log group, and what its configuration adds. */
export function functionRole(args: FunctionRoleArgs): RolePolicies {
  const { place, endpointName, logGroupName, imageBuckets = [], traces = false, keyArn } = args;
  return {
    trust: serviceTrust("lambda", place),
    permissions: policyDocument([
      ...invokeEndpoint(place, endpointName),
      ...writeLogStreams(place, logGroupName),
      ...readImages(place, imageBuckets),
      ...(keyArn === undefined || imageBuckets.length === 0 ? [] : decryptWithKey(place, keyArn, ["s3"])),
      ...keepFailedCalls(place, args.failedCallsQueueName),
      ...(traces ? traceCalls() : []),
    ]),
  };
}

export interface SchedulerRoleArgs {
  readonly place: Place;
  /** @default "default", the group that every account has */
  readonly scheduleGroupName?: string | undefined;
  /** @default - no notebook is stopped */
  readonly notebookName?: string | undefined;
  /** @default - no box is stopped */
  readonly instanceName?: string | undefined;
}

/**
 * The schedule that stops notebook and training box.
 *
 * @throws Error when there is neither.
 */
export function schedulerRole(args: SchedulerRoleArgs): RolePolicies {
  const { place, scheduleGroupName = "default", notebookName, instanceName } = args;
  return {
    trust: serviceTrust("scheduler", place, {
      sourceArns: [regionalArn(place, "scheduler", `schedule-group/${scheduleGroupName}`)],
    }),
    permissions: policyDocument([
      ...(notebookName === undefined ? [] : stopNotebook(place, notebookName)),
      ...(instanceName === undefined ? [] : stopInstance(place, instanceName)),
    ]),
  };
}

/** Delivery of VPC flow logs to one log group. */
export function flowLogsRole({
  place,
  logGroupName,
}: {
  readonly place: Place;
  readonly logGroupName: string;
}): RolePolicies {
  return {
    trust: serviceTrust("vpc-flow-logs", place),
    permissions: policyDocument(deliverFlowLogs(place, logGroupName)),
  };
}

function inNetwork(place: Place, network: NetworkPlacement | undefined): Statement[] {
  return network === undefined ? [] : useNetworkInterfaces(place, network);
}

function readAndWrite(place: Place, keyArn: string | undefined): Statement[] {
  return keyArn === undefined
    ? []
    : [...decryptWithKey(place, keyArn, ["s3"]), ...encryptWithKey(place, keyArn, ["s3"])];
}

function withVolumes(
  place: Place,
  keyArn: string | undefined,
  encryptsVolumes: boolean | undefined,
): Statement[] {
  return keyArn !== undefined && encryptsVolumes === true ? encryptVolumes(place, keyArn) : [];
}
