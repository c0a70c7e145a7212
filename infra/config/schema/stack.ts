import { z } from "zod";
import { largestFleets } from "../../rules/fleet";
import { notebook, trainingBox } from "./development";
import { type Check, withChecks } from "./fields";
import { costCentre, environment, network, owner, region, removal, storage } from "./foundation";
import { ceilings, quotas } from "./limits";
import { models } from "./models";
import { alarms, budget, contract, schedules } from "./operations";
import { policies } from "./policies";
import {
  defaultRegistry,
  imageFindings,
  keyFindings,
  modelFindings,
  openFunctionFindings,
  unheardCanaryFindings,
} from "./relations";
import { endpoints } from "./serving";
import { imagesSection, jobs, tuning } from "./training";

const shape = z.strictObject({
  region,
  environment,
  owner,
  costCentre,
  ceilings,
  quotas: quotas.prefault({}),
  removal: removal.prefault({ kind: "retain" }),
  storage: storage.prefault({}),
  network: network.prefault({ kind: "none" }),
  images: imagesSection,
  notebook: notebook.optional(),
  trainingBox: trainingBox.optional(),
  jobs: jobs.default({}),
  tuning: tuning.default({}),
  models: models.default({}),
  endpoints: endpoints.default({}),
  alarms,
  budget,
  schedules,
  contract,
  policies: policies.default({}),
});

/** One environment, checked and complete: every default is filled in. */
export type StackConfig = z.output<typeof shape>;

export type EndpointConfig = StackConfig["endpoints"][string];
export type ServingConfig = EndpointConfig["serving"];
export type FunctionConfig = EndpointConfig["function"];
export type JobConfig = StackConfig["jobs"][string];
export type TuningConfig = StackConfig["tuning"][string];

/** AWS keeps this much of an account's Lambda concurrency unreserved. */
const unreservedConcurrency = 100;

/** Regions where AWS publishes its Deep Learning Containers from the default account. */
const defaultRegistryRegions =
  /^(?:us-(?:east|west)-[12]|ca-central-1|sa-east-1|eu-(?:west-[123]|central-1|north-1)|ap-(?:northeast-[123]|southeast-[12]|south-1))$/;

const checks: Check<StackConfig>[] = [
  {
    reads: ["endpoints", "models"],
    leavesOut: ["endpoints"],
    namesOf: ["models"],
    find: modelFindings,
  },
  {
    reads: ["notebook", "network"],
    find: ({ notebook, network }) =>
      notebook?.internetAccess.kind === "vpc-only" && network.kind === "none"
        ? [
            {
              path: ["notebook", "internetAccess", "kind"],
              message: '"vpc-only" needs subnets, and network.kind is "none"',
              allowed: 'network.kind "create" or "existing", or internetAccess { kind: "direct", reason: … }',
            },
          ]
        : [],
  },
  {
    reads: ["jobs", "tuning", "endpoints", "storage"],
    leavesOut: ["jobs", "tuning", "endpoints"],
    find: keyFindings,
  },
  {
    reads: ["jobs", "tuning", "endpoints", "images"],
    leavesOut: ["jobs", "tuning", "endpoints"],
    find: imageFindings,
  },
  {
    reads: ["jobs", "tuning"],
    namesOf: ["jobs", "tuning"],
    find: ({ jobs, tuning }) =>
      Object.keys(tuning)
        .filter((name) => Object.hasOwn(jobs, name))
        .map((name) => ({
          path: ["tuning", name],
          message: `"${name}" is already the name of a training job`,
          allowed: "a name that jobs does not use: both become SageMaker job names",
        })),
  },
  {
    reads: ["endpoints", "quotas"],
    leavesOut: ["endpoints"],
    find: ({ endpoints, quotas }) => {
      const reserved = Object.values(endpoints).reduce(
        (sum, { function: lambda }) => sum + (lambda.kind === "invoke" ? lambda.reservedConcurrency : 0),
        0,
      );
      const available = Math.max(0, quotas.lambdaConcurrentExecutions - unreservedConcurrency);
      return reserved <= available
        ? []
        : [
            {
              path: ["endpoints"],
              message: `the functions reserve ${reserved} concurrent executions in all`,
              allowed: `at most ${available}: quotas.lambdaConcurrentExecutions ${quotas.lambdaConcurrentExecutions} less the ${unreservedConcurrency} that AWS keeps unreserved`,
              fix: "Lower reservedConcurrency, or have the quota raised and write the new value.",
            },
          ];
    },
  },
  {
    reads: ["endpoints", "quotas"],
    leavesOut: ["endpoints"],
    find: ({ endpoints, quotas }) =>
      Object.entries(largestFleets(endpoints)).flatMap(([type, count]) => {
        const quota = Object.hasOwn(quotas.hostingInstances, type)
          ? quotas.hostingInstances[type]
          : undefined;
        return quota === undefined || count <= quota
          ? []
          : [
              {
                path: ["endpoints"],
                message: `at maximum capacity, with the largest rollout under way, the endpoints take ${count} x ${type}`,
                allowed: `at most ${quota}: quotas.hostingInstances["${type}"]`,
                fix: "Lower a maximum, choose a rolling rollout, or have the quota raised and write the new value.",
              },
            ];
      }),
  },
  {
    reads: ["trainingBox", "network"],
    find: ({ trainingBox, network }) =>
      trainingBox?.access.kind === "ssh" && network.kind === "create"
        ? [
            {
              path: ["trainingBox", "access", "kind"],
              message:
                "nothing reaches the box by SSH: the VPC that is created has no way in from the internet",
              allowed: '"session-manager", or network.kind "none" or "existing"',
            },
          ]
        : [],
  },
  {
    reads: ["schedules", "notebook", "trainingBox"],
    find: ({ schedules, notebook, trainingBox }) =>
      schedules.stopDevelopment !== undefined && notebook === undefined && trainingBox === undefined
        ? [
            {
              path: ["schedules", "stopDevelopment"],
              message: "there is neither a notebook nor a training box to stop",
              allowed: "no such schedule without them",
            },
          ]
        : [],
  },
  {
    reads: ["environment", "endpoints"],
    leavesOut: ["endpoints"],
    find: (config) => openFunctionFindings(config),
  },
  {
    reads: ["alarms", "endpoints"],
    leavesOut: ["endpoints"],
    find: unheardCanaryFindings,
  },
  {
    reads: ["region", "images"],
    find: ({ region, images }) =>
      (["training", "serving"] as const).flatMap((use) =>
        images[use].registry === defaultRegistry && !defaultRegistryRegions.test(region)
          ? [
              {
                path: ["images", use, "registry"],
                message: `AWS does not publish its containers from account ${defaultRegistry} in ${region}`,
                allowed: "the registry account of this region, or your own",
              },
            ]
          : [],
      ),
  },
];

export const stackSchema = withChecks(shape, checks).describe("One environment of sagemaker-ops.");
