import { z } from "zod";
import { nearest } from "../../../policy/catalog/nearest";
import { largestFleets } from "../../rules/fleet";
import { notebook, trainingBox } from "./development";
import { type Check, type Finding, withChecks } from "./fields";
import {
  ceilings,
  costCentre,
  environment,
  network,
  owner,
  quotas,
  region,
  removal,
  storage,
} from "./foundation";
import { alarms, budget, contract, schedules } from "./operations";
import { endpoints } from "./serving";
import { imagesSection, jobs, models, tuning } from "./training";

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
const defaultRegistry = "763104351884";
const defaultRegistryRegions =
  /^(?:us-(?:east|west)-[12]|ca-central-1|sa-east-1|eu-(?:west-[123]|central-1|north-1)|ap-(?:northeast-[123]|southeast-[12]|south-1))$/;

const checks: Check<StackConfig>[] = [
  {
    reads: ["endpoints", "models"],
    find: ({ endpoints, models }) =>
      Object.entries(endpoints).flatMap(([name, { model, serving }]) => [
        ...unknownModel(["endpoints", name, "model"], model, models),
        ...(serving.kind === "instances" && serving.shadow !== undefined
          ? unknownModel(["endpoints", name, "serving", "shadow", "model"], serving.shadow.model, models)
          : []),
      ]),
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
    find: ({ jobs, tuning, endpoints, storage }) =>
      storage.encryption === "kms"
        ? []
        : [
            ...Object.entries(jobs).flatMap(([name, job]) => needsKey(["jobs", name], job)),
            ...Object.entries(tuning).flatMap(([name, job]) => needsKey(["tuning", name], job)),
            ...Object.entries(endpoints).flatMap(([name, { serving }]) =>
              serving.kind === "serverless" ? [] : needsKey(["endpoints", name, "serving"], serving),
            ),
          ],
  },
  {
    reads: ["jobs", "tuning"],
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

function unknownModel(path: string[], model: string, models: StackConfig["models"]): Finding[] {
  if (Object.hasOwn(models, model)) return [];
  const names = Object.keys(models);
  const meant = nearest(model, names, 3);
  return [
    {
      path,
      message: `there is no model "${model}" under models`,
      allowed: names.length === 0 ? "a model that is declared under models" : names.join(", "),
      ...(meant === undefined ? {} : { fix: `Did you mean "${meant}"?` }),
    },
  ];
}

function needsKey(path: string[], { volumeEncryption }: { volumeEncryption: "service" | "kms" }): Finding[] {
  return volumeEncryption === "kms"
    ? [
        {
          path: [...path, "volumeEncryption"],
          message: '"kms" needs the stack\'s key, and storage.encryption is "s3"',
          allowed: '"service", or storage.encryption "kms"',
        },
      ]
    : [];
}
