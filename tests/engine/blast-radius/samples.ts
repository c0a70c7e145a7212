import { type Raw, rawStack } from "../../support/raw-config";
import { digestOf } from "../support/settings";

/** Production as committed, with a promoted model, an uploaded data set, and development and tuning beside it. */
export function productionLike(): Raw {
  const raw = rawStack("prod");
  const storage = raw.storage as Raw;
  return {
    ...raw,
    storage: { ...storage, data: { manifestDigest: digestOf("a") } },
    models: {
      breeds: {
        classes: 133,
        digest: digestOf("b"),
        provenance: {
          source: "training job release",
          promotedAt: "2026-11-02T10:00:00Z",
          promotedBy: "ml-platform",
        },
      },
      next: { classes: 133, digest: digestOf("c") },
    },
    notebook: {},
    trainingBox: { instanceType: "g4dn.xlarge" },
    tuning: { search: { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60, maxJobs: 4 } },
    schedules: { stopDevelopment: {} },
    policies: { "s3-bucket-access-logs": {} },
  };
}

const scaling = { min: 2, max: 6, schedules: { night: { cron: "cron(0 22 * * ? *)", min: 2, max: 3 } } };
const why = "Only this table reads it";

/** What stands at a path where production has nothing, or another kind. */
export const samples: Readonly<Record<string, Raw>> = {
  "removal(destroy)": { kind: "destroy", reason: why },
  "network(existing)": {
    kind: "existing",
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  },
  "notebook.internetAccess": { kind: "vpc-only" },
  "notebook.internetAccess(direct)": { kind: "direct", reason: why },
  "trainingBox.ami": { kind: "deep-learning" },
  "trainingBox.ami(deep-learning)": { kind: "deep-learning" },
  "trainingBox.ami(id)": { kind: "id", amiId: "ami-0123456789abcdef0" },
  "trainingBox.market": { kind: "on-demand" },
  "trainingBox.market(spot)": { kind: "spot" },
  "trainingBox.access": { kind: "session-manager" },
  "trainingBox.access(ssh)": { kind: "ssh", cidrBlocks: ["203.0.113.7/32"], keyName: "team" },
  "jobs.<name>.market(on-demand)": { kind: "on-demand" },
  "tuning.<name>.market": { kind: "on-demand" },
  "tuning.<name>.market(spot)": { kind: "spot", maxWaitMinutes: 120 },
  "tuning.<name>.learningRate": { min: 0.0001, max: 0.01 },
  "models.<name>.registry": { kind: "none" },
  "models.<name>.registry(group)": { kind: "group" },
  "endpoints.<name>.serving(serverless)": { kind: "serverless", memoryMiB: 4096, maxConcurrency: 10 },
  "endpoints.<name>.serving(async)": {
    kind: "async",
    instanceType: "ml.m5.large",
    initialCount: 2,
    scaling: { min: 2, max: 4 },
  },
  "endpoints.<name>.serving(async).rollout": { kind: "all-at-once" },
  "endpoints.<name>.serving(instances).scaling(fixed)": { kind: "fixed" },
  "endpoints.<name>.serving(instances).scaling(concurrency)": {
    kind: "concurrency",
    targetConcurrentRequests: 4,
    ...scaling,
  },
  "endpoints.<name>.serving(instances).shadow": { model: "next", instanceType: "ml.m5.large" },
  "endpoints.<name>.function(none)": { kind: "none", reason: why },
  "endpoints.<name>.function(invoke).provisionedConcurrency(fixed)": { kind: "fixed", count: 4 },
  "endpoints.<name>.function(invoke).release": { kind: "immediate" },
  "endpoints.<name>.function(invoke).release(canary)": { kind: "canary", stableVersion: "7", percent: 10 },
  "endpoints.<name>.isolation": { kind: "isolated" },
  "endpoints.<name>.isolation(open)": { kind: "open", reason: why },
  "endpoints.<name>.capture(inputs-and-outputs)": {
    kind: "inputs-and-outputs",
    samplingPercent: 10,
    reason: why,
  },
  "alarms(silent)": { kind: "silent", reason: why },
  "budget(none)": { kind: "none", reason: why },
  ...Object.fromEntries(
    ["instances", "async"].flatMap((kind) =>
      Object.entries({
        "all-at-once": {},
        canary: { percent: 50 },
        linear: { stepPercent: 50 },
        rolling: { batchPercent: 50 },
      }).map(([rollout, rest]) => [
        `endpoints.<name>.serving(${kind}).rollout(${rollout})`,
        { kind: rollout, ...rest },
      ]),
    ),
  ),
};

/** What else must be so for such a key or kind to be allowed, before and after its change. */
export const given: Readonly<Record<string, (raw: Raw) => void>> = {
  "storage.encryption": (raw) => {
    servingOf(raw).volumeEncryption = "service";
  },
  "network.kind": (raw) => {
    raw.notebook = { internetAccess: samples["notebook.internetAccess(direct)"] };
  },
  "trainingBox.access": (raw) => {
    raw.network = samples["network(existing)"];
  },
  "jobs.<name>.volumeEncryption": (raw) => {
    Object.assign((raw.jobs as Record<string, Raw>).release ?? {}, { instanceType: "ml.m5.xlarge" });
  },
  "tuning.<name>.instanceCount": (raw) => {
    Object.assign((raw.tuning as Record<string, Raw>).search ?? {}, {
      hyperparameters: { fineTune: "layer4" },
    });
  },
  "endpoints.<name>.serving(instances).scaling(invocations).min": (raw) => {
    servingOf(raw).initialCount = 3;
  },
  "endpoints.<name>.serving(instances).scaling(concurrency).min": (raw) => {
    servingOf(raw).initialCount = 3;
  },
  "endpoints.<name>.serving(serverless)": asServerless,
  "endpoints.<name>.serving(async)": asAsynchronous,
  "endpoints.<name>.function(invoke).release": (raw) => {
    delete (endpointOf(raw).function as Raw).provisionedConcurrency;
  },
};

/** What a kind brings along that the other does not take; `path=kind`. */
export const alongside: Readonly<Record<string, (raw: Raw) => void>> = {
  "endpoints.<name>.serving.kind=serverless": asServerless,
  "endpoints.<name>.serving.kind=async": asAsynchronous,
};

function asServerless(raw: Raw): void {
  const endpoint = endpointOf(raw);
  delete endpoint.capture;
  endpoint.isolation = samples["endpoints.<name>.isolation(open)"];
}

function asAsynchronous(raw: Raw): void {
  endpointOf(raw).function = samples["endpoints.<name>.function(none)"];
}

function endpointOf(raw: Raw): Raw {
  return (raw.endpoints as Record<string, Raw>).breeds ?? {};
}

function servingOf(raw: Raw): Raw {
  return endpointOf(raw).serving as Raw;
}

/** What the next value of a key is, where it does not follow from the schema. */
export const values: Readonly<Record<string, unknown>> = {
  owner: "ml-research",
  costCentre: "classifier-two",
  environment: "prod-eu",
  "quotas.hostingInstances": { "ml.m5.large": 40 },
  "storage.data.bucketName": "breeds-data-of-our-own",
  "storage.data.prefix": "dogs/",
  "storage.data.pretrainedPrefix": "weights/",
  "storage.output.bucketName": "breeds-output-of-our-own",
  "storage.models.bucketName": "breeds-models-of-our-own",
  "network(create).cidrBlock": "10.40.0.0/16",
  "network(existing).vpcId": "vpc-0123456789abcdef9",
  "network(existing).subnetIds": ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"],
  "images.training.registry": "123456789012",
  "images.training.repository": "own-training",
  "images.training.cpu": "2.14-cpu",
  "images.training.gpu": "2.14-gpu",
  "images.serving.registry": "123456789012",
  "images.serving.repository": "own-serving",
  "images.serving.cpu": "v2-cpu",
  "images.serving.gpu": "v2-gpu",
  "notebook.instanceType": "ml.t3.large",
  "trainingBox.instanceType": "g4dn.2xlarge",
  "trainingBox.ami(deep-learning).amiType": "oss-nvidia-driver-gpu-pytorch-2.12-amazon-linux-2023",
  "trainingBox.ami(id).amiId": "ami-0123456789abcdef9",
  "trainingBox.market(spot).maxHourlyUsd": 0.3,
  "trainingBox.access(ssh).cidrBlocks": ["203.0.113.8/32"],
  "trainingBox.access(ssh).keyName": "another-team",
  "jobs.<name>.instanceType": "ml.g4dn.2xlarge",
  "jobs.<name>.hyperparameters.learningRate": 0.001,
  "tuning.<name>.instanceType": "ml.m5.2xlarge",
  "tuning.<name>.batchSizes": [32, 64],
  "models.<name>.labels": "class-labels.json",
  "models.<name>.provenance.source": "training job release-2",
  "models.<name>.provenance.promotedAt": "2026-11-03T10:00:00Z",
  "models.<name>.provenance.promotedBy": "another-team",
  "models.<name>.provenance.validationAccuracy": 0.9,
  "models.<name>.promotion.minAccuracy": 0.8,
  "endpoints.<name>.model": "next",
  "endpoints.<name>.serving(instances).instanceType": "ml.m5.xlarge",
  "endpoints.<name>.serving(instances).volumeSizeGiB": 50,
  "endpoints.<name>.serving(instances).scaling(invocations).schedules.<name>.cron": "cron(0 6 ? * MON-FRI *)",
  "endpoints.<name>.serving(instances).scaling(invocations).schedules.<name>.timeZone": "Europe/Berlin",
  "endpoints.<name>.serving(instances).scaling(concurrency).schedules.<name>.cron": "cron(0 6 ? * MON-FRI *)",
  "endpoints.<name>.serving(instances).scaling(concurrency).schedules.<name>.timeZone": "Europe/Berlin",
  "endpoints.<name>.serving(instances).shadow.model": "breeds",
  "endpoints.<name>.serving(instances).shadow.instanceType": "ml.m5.xlarge",
  "endpoints.<name>.serving(serverless).provisionedConcurrency": 2,
  "endpoints.<name>.serving(async).instanceType": "ml.m5.xlarge",
  "endpoints.<name>.serving(async).volumeSizeGiB": 50,
  "endpoints.<name>.function(invoke).corsOrigins": ["https://example.com"],
  "endpoints.<name>.function(invoke).images.hosts": ["images.example.com"],
  "endpoints.<name>.function(invoke).images.buckets": ["images-of-our-own"],
  "endpoints.<name>.function(invoke).release(canary).stableVersion": "8",
  "endpoints.<name>.function(invoke).serviceCallers": [
    { service: "events", sourceArn: "arn:aws:events:us-east-1:123456789012:rule/uploads-of-our-own" },
  ],
  "alarms(notify).emails": ["on-call@example.com"],
  "budget(monthly).limitUsd": 900,
  "budget(monthly).alertPercents": [80, 100],
  "budget(monthly).emails": ["finance@example.com"],
  "schedules.stopDevelopment.cron": "cron(0 21 ? * MON-FRI *)",
  "schedules.stopDevelopment.timeZone": "Europe/Berlin",
  "contract.parameterPrefix": "/breeds/prod",
  "contract.consumerAccounts": ["210987654321"],
  "policies.<name>.enforcementLevel": "mandatory",
  "policies.<name>.reason": "Another reason to be shown",
  "policies.<name>.exempt": [
    { resource: "storage-data", reason: "Until the migration is done", until: "2026-12-31" },
  ],
  "policies.<name>.settings": { note: "any" },
};

/** As Pulumi hands a configuration over. */
export function flatOf(raw: Raw): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw).map(([key, value]) => [
      key === "region" ? "aws:region" : `sagemaker-ops:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
