import assert from "node:assert/strict";
import { problemsOf } from "../support/problems";
import { changed, type Raw, rawMinimal, rawStack } from "../support/raw-config";

interface Case {
  readonly title: string;
  readonly raw?: Raw;
  /** Dotted path to the value that replaces another; `undefined` removes the key. */
  readonly change: readonly (readonly [string, unknown])[];
  readonly path: string;
  readonly message: RegExp;
  readonly received?: string;
  readonly allowed: RegExp;
  readonly fix?: RegExp;
}

const serving = "endpoints.single.serving";
const lambda = "endpoints.single.function";

const cases: readonly Case[] = [
  {
    title: "a number where text is expected",
    change: [["owner", 1234]],
    path: "owner",
    message: /^is a number, not text$/,
    received: "1234",
    allowed: /^1 to 128 letters/,
    fix: /in quotes/,
  },
  {
    title: "text where a number is expected",
    change: [["jobs.single.maxRuntimeMinutes", "120"]],
    path: "jobs.single.maxRuntimeMinutes",
    message: /^is text, not a number$/,
    received: '"120"',
    allowed: /^a whole number from 5 to 40320$/,
    fix: /without quotes/,
  },
  {
    title: "quoted true",
    change: [["storage.accessLogs", "true"]],
    path: "storage.accessLogs",
    message: /^is text, not true or false$/,
    allowed: /^true or false$/,
    fix: /without quotes/,
  },
  {
    title: "an account id without quotes",
    change: [["contract", { consumerAccounts: [12345678901] }]],
    path: "contract.consumerAccounts[0]",
    message: /^is a number, not text$/,
    allowed: /^a 12-digit AWS account id in quotes$/,
    fix: /loses its leading zeros/,
  },
  {
    title: "an empty section",
    change: [["storage", null]],
    path: "storage",
    message: /^is empty$/,
    allowed: /^a section with the keys encryption, /,
    fix: /or remove the key/,
  },
  {
    title: "the name of a kind in place of its section",
    change: [["network", "none"]],
    path: "network",
    message: /^is text, not a section$/,
    allowed: /^a section whose kind is "none", "create" or "existing"$/,
    fix: /^Write \{ kind: none \}\.$/,
  },
  {
    title: "a fraction where a whole number is expected",
    change: [["jobs.single.instanceCount", 1.5]],
    path: "jobs.single.instanceCount",
    message: /^is not a whole number$/,
    received: "1.5",
    allowed: /^a whole number from 1 to 20$/,
  },
  {
    title: "a number below its range",
    change: [[`${lambda}.reservedConcurrency`, 0]],
    path: "endpoints.single.function.reservedConcurrency",
    message: /^is too small: at least 1$/,
    received: "0",
    allowed: /^a whole number from 1 to 100000$/,
  },
  {
    title: "a number above its range",
    change: [[`${serving}.scaling.max`, 101]],
    path: "endpoints.single.serving.scaling.max",
    message: /^is too large: at most 100$/,
    received: "101",
    allowed: /^a whole number from 1 to 100$/,
  },
  {
    title: "a ceiling of nothing",
    change: [["ceilings.jobUsd", 0]],
    path: "ceilings.jobUsd",
    message: /^is too small: at least 0, which is itself excluded$/,
    allowed: /^a number above 0, up to 1000000$/,
  },
  {
    title: "a misspelt section",
    change: [["ceilngs", {}]],
    path: "ceilngs",
    message: /^is not a key that exists here$/,
    allowed: /aws:region, environment, owner, costCentre, ceilings, /,
    fix: /^Did you mean "ceilings"\?$/,
  },
  {
    title: "a misspelt key inside a kind",
    change: [[`${serving}.scaling.maxRequestPerSecond`, 5]],
    path: "endpoints.single.serving.scaling.maxRequestPerSecond",
    message: /^is not a key that exists here$/,
    allowed: /^the keys kind, maxRequestsPerSecond, safetyFactor, min, max, /,
    fix: /^Did you mean "maxRequestsPerSecond"\?$/,
  },
  {
    title: "a key in the section around its own",
    change: [["endpoints.single.instanceType", "ml.m5.large"]],
    path: "endpoints.single.instanceType",
    message: /^is not a key that exists here$/,
    allowed: /^the keys model, serving, function, /,
    fix: /^Move it into "serving"\.$/,
  },
  {
    title: "a key that is like no other",
    change: [["notebook.zzzzzzzz", 1]],
    path: "notebook.zzzzzzzz",
    message: /^is not a key that exists here$/,
    allowed: /^the keys instanceType, /,
    fix: /^Remove it\.$/,
  },
  {
    title: "a missing kind",
    change: [[`${lambda}.kind`, undefined]],
    path: "endpoints.single.function.kind",
    message: /^is missing$/,
    received: "nothing",
    allowed: /^"invoke" or "none"$/,
    fix: /^Say which one it is, for instance kind: invoke\.$/,
  },
  {
    title: "a kind that does not exist",
    change: [[`${serving}.kind`, "serverles"]],
    path: "endpoints.single.serving.kind",
    message: /^is not a kind that exists here$/,
    allowed: /^"instances", "serverless" or "async"$/,
    fix: /^Did you mean "serverless"\?$/,
  },
  {
    title: "a value that is no member of its enumeration",
    change: [["notebook.platform", "notebook-al2023-v2"]],
    path: "notebook.platform",
    message: /^is not one of the possible values$/,
    allowed: /^"notebook-al2-v3" or "notebook-al2023-v1"$/,
    fix: /^Did you mean "notebook-al2023-v1"\?$/,
  },
  {
    title: "a retention that CloudWatch Logs does not know",
    change: [["endpoints.single.logRetentionDays", 31]],
    path: "endpoints.single.logRetentionDays",
    message: /^is not one of the possible values$/,
    allowed: /^1, 3, 5, 7, 14, 30, /,
  },
  {
    title: "an endpoint's name in capitals",
    change: [["endpoints.Single", { model: "breeds" }]],
    path: "endpoints.Single",
    message: /^is not a valid name here$/,
    received: '"Single"',
    allowed: /^1 to 20 lower-case letters/,
  },
  {
    title: "an instance type that does not exist",
    change: [[`${serving}.instanceType`, "ml.m5.larg"]],
    path: "endpoints.single.serving.instanceType",
    message:
      /"ml\.m5\.larg" is not an instance type this catalogue knows for hosting .*did you mean "ml\.m5\.large"\?/,
    allowed: /^an instance type for endpoints such as ml\.m5\.large$/,
  },
  {
    title: "an instance type that is sold for another use only",
    change: [[`${serving}.instanceType`, "ml.t3.medium"]],
    path: "endpoints.single.serving.instanceType",
    message: /^"ml\.t3\.medium" is not sold for hosting \(endpoints\), only for /,
    allowed: /^an instance type for endpoints /,
  },
  {
    title: "a SageMaker name for an EC2 box",
    change: [["trainingBox.instanceType", "ml.g4dn.xlarge"]],
    path: "trainingBox.instanceType",
    message: /EC2 knows it as "g4dn\.xlarge"/,
    allowed: /^an EC2 instance type /,
  },
  {
    title: "a quota for an instance type that does not exist",
    change: [["quotas", { hostingInstances: { "ml.m5.larg": 5 } }]],
    path: 'quotas.hostingInstances["ml.m5.larg"]',
    message: /^is not a valid name here: "ml\.m5\.larg" is not an instance type/,
    allowed: /^an instance type for endpoints /,
  },
  {
    title: "a burstable type with autoscaling",
    change: [[`${serving}.instanceType`, "ml.t2.medium"]],
    path: "endpoints.single.serving.instanceType",
    message: /burstable type "ml\.t2\.medium" cannot be autoscaled/,
    allowed: /scaling\.kind "fixed"/,
  },
  {
    title: "a canary on one instance",
    change: [[`${serving}.rollout`, { kind: "canary", percent: 50 }]],
    path: "endpoints.single.serving.rollout.kind",
    message: /a canary rollout moves part of a fleet, and this one may have a single instance/,
    allowed: /at least 2 instances/,
  },
  {
    title: "a canary on a fleet that a schedule lowers to one instance at night",
    raw: rawStack("prod"),
    change: [["endpoints.breeds.serving.scaling.schedules.evening.min", 1]],
    path: "endpoints.breeds.serving.rollout.kind",
    message: /a single instance/,
    allowed: /at least 2 instances/,
  },
  {
    title: "a rolling rollout beside a shadow",
    raw: rawStack("prod"),
    change: [
      ["endpoints.breeds.serving.rollout", { kind: "rolling", batchPercent: 50 }],
      ["endpoints.breeds.serving.shadow", { model: "breeds", instanceType: "ml.m5.large" }],
    ],
    path: "endpoints.breeds.serving.rollout.kind",
    message: /more than one variant, and a shadow is one/,
    allowed: /"canary"/,
  },
  {
    title: "waits that outlast a rollout",
    raw: rawStack("prod"),
    change: [
      [
        "endpoints.breeds.serving.rollout",
        { kind: "linear", stepPercent: 10, waitSeconds: 3600, terminationWaitSeconds: 0 },
      ],
    ],
    path: "endpoints.breeds.serving.rollout.waitSeconds",
    message: /add up to 36000 s/,
    allowed: /less than 14400 s/,
  },
  {
    title: "provisioned above reserved concurrency",
    change: [[`${lambda}.provisionedConcurrency`, { kind: "fixed", count: 6 }]],
    path: "endpoints.single.function.provisionedConcurrency.count",
    message: /^6 is above reservedConcurrency 5/,
    allowed: /^at most 5$/,
    fix: /raise reservedConcurrency/,
  },
  {
    title: "autoscaled provisioned concurrency above the reserved",
    change: [[`${lambda}.provisionedConcurrency`, { kind: "autoscaled", min: 1, max: 6 }]],
    path: "endpoints.single.function.provisionedConcurrency.max",
    message: /^6 is above reservedConcurrency 5/,
    allowed: /^at most 5$/,
  },
  {
    title: "more reserved concurrency than the account has",
    change: [["quotas", { lambdaConcurrentExecutions: 200 }]],
    path: "endpoints",
    message: /reserve 105 concurrent executions in all/,
    allowed: /^at most 100: quotas\.lambdaConcurrentExecutions 200 less the 100/,
    fix: /Lower reservedConcurrency/,
  },
  {
    title: "more instances than the quota while a rollout is under way",
    change: [["quotas", { hostingInstances: { "ml.m5.large": 7 } }]],
    path: "endpoints",
    message: /the endpoints take 8 x ml\.m5\.large/,
    allowed: /^at most 7: /,
  },
  {
    title: "SSH from the whole internet",
    change: [["trainingBox.access", { kind: "ssh", cidrBlocks: ["0.0.0.0/0"], keyName: "k" }]],
    path: "trainingBox.access.cidrBlocks[0]",
    message: /^opens SSH to the whole internet$/,
    received: '"0.0.0.0/0"',
    allowed: /^\/24 to \/32$/,
    fix: /session-manager/,
  },
  {
    title: "SSH from half the internet",
    change: [["trainingBox.access", { kind: "ssh", cidrBlocks: ["128.0.0.0/1"], keyName: "k" }]],
    path: "trainingBox.access.cidrBlocks[0]",
    message: /^opens SSH to 2147483648 addresses: wider than \/24$/,
    allowed: /^\/24 to \/32$/,
  },
  {
    title: "SSH over IPv6",
    change: [["trainingBox.access", { kind: "ssh", cidrBlocks: ["::/0"], keyName: "k" }]],
    path: "trainingBox.access.cidrBlocks[0]",
    message: /^does not have the right form$/,
    allowed: /^an IPv4 range such as /,
  },
  {
    title: "a range with address bits beyond its prefix",
    change: [["trainingBox.access", { kind: "ssh", cidrBlocks: ["203.0.113.7/24"], keyName: "k" }]],
    path: "trainingBox.access.cidrBlocks[0]",
    message: /^has address bits beyond its prefix$/,
    allowed: /^203\.0\.113\.0\/24$/,
  },
  {
    title: "SSH into a VPC without a way in",
    change: [
      ["network", { kind: "create" }],
      ["trainingBox.access", { kind: "ssh", cidrBlocks: ["203.0.113.7/32"], keyName: "k" }],
    ],
    path: "trainingBox.access.kind",
    message: /no way in from the internet/,
    allowed: /"session-manager"/,
  },
  {
    title: "the GPU image on a type without a GPU",
    change: [["trainingBox.instanceType", "m5.large"]],
    path: "trainingBox.instanceType",
    message: /has no NVIDIA GPU/,
    allowed: /g4dn\.xlarge/,
  },
  {
    title: "a KMS volume key beside a shadow on a type with local NVMe disks",
    raw: rawStack("prod"),
    change: [["endpoints.breeds.serving.shadow", { model: "breeds", instanceType: "ml.g4dn.xlarge" }]],
    path: "endpoints.breeds.serving.volumeEncryption",
    message: /refuses a KMS key for the volume of "ml\.g4dn\.xlarge"/,
    allowed: /a type without local NVMe/,
  },
  {
    title: "a KMS volume key on a type with local NVMe disks",
    change: [
      ["storage.encryption", "kms"],
      ["jobs.multi.volumeEncryption", "kms"],
    ],
    path: "jobs.multi.volumeEncryption",
    message: /^AWS refuses a KMS key for the volume of "ml\.g4dn\.xlarge"/,
    allowed: /service/,
  },
  {
    title: "a KMS volume key without a key",
    change: [["jobs.single.volumeEncryption", "kms"]],
    path: "jobs.single.volumeEncryption",
    message: /storage\.encryption is "s3"/,
    allowed: /storage\.encryption "kms"/,
  },
  {
    title: "a volume size where the disks have a fixed one",
    change: [
      [`${serving}.instanceType`, "ml.g4dn.xlarge"],
      [`${serving}.volumeSizeGiB`, 50],
    ],
    path: "endpoints.single.serving.volumeSizeGiB",
    message: /local NVMe disks of a fixed size/,
    allowed: /no volumeSizeGiB/,
  },
  {
    title: "a job without a runtime limit",
    change: [["jobs.single.maxRuntimeMinutes", undefined]],
    path: "jobs.single.maxRuntimeMinutes",
    message: /^is missing$/,
    received: "nothing",
    allowed: /^a whole number from 5 to 40320$/,
    fix: /^Add "maxRuntimeMinutes" here\.$/,
  },
  {
    title: "a spot job that may wait for less than it may run",
    change: [["jobs.single.market", { kind: "spot", maxWaitMinutes: 60 }]],
    path: "jobs.single.market.maxWaitMinutes",
    message: /^60 minutes are less than the runtime of 120$/,
    allowed: /^120 or more$/,
  },
  {
    title: "several instances for the head alone",
    change: [["jobs.single.instanceCount", 2]],
    path: "jobs.single.instanceCount",
    message: /cannot speed up training of the head alone/,
    allowed: /layer4 or full/,
  },
  {
    title: "one name for a job and a tuning job",
    change: [["tuning.single", { instanceType: "ml.m5.xlarge", maxRuntimeMinutes: 60, maxJobs: 4 }]],
    path: "tuning.single",
    message: /^"single" is already the name of a training job$/,
    allowed: /a name that jobs does not use/,
  },
  {
    title: "more trials at once than in all",
    change: [["tuning.search.maxParallelJobs", 11]],
    path: "tuning.search.maxParallelJobs",
    message: /^11 is above maxJobs 10$/,
    allowed: /^1 to 10$/,
  },
  {
    title: "Hyperband with a second stopping rule",
    change: [["tuning.search.strategy", "Hyperband"]],
    path: "tuning.search.earlyStopping",
    message: /Hyperband stops trials by itself/,
    allowed: /"Off" with Hyperband/,
  },
  {
    title: "a learning-rate range that is empty",
    change: [["tuning.search.learningRate", { min: 0.01, max: 0.01 }]],
    path: "tuning.search.learningRate.max",
    message: /^0\.01 is not above min 0\.01$/,
    allowed: /^more than 0\.01$/,
  },
  {
    title: "a batch size named twice",
    change: [["tuning.search.batchSizes", [32, 64, 32]]],
    path: "tuning.search.batchSizes[2]",
    message: /^names a size twice$/,
    allowed: /^each entry once$/,
  },
  {
    title: "an address that would be mailed twice",
    change: [["budget.emails", ["a@example.com", "a@example.com"]]],
    path: "budget.emails[1]",
    message: /^names an address twice$/,
    allowed: /^each entry once$/,
  },
  {
    title: "an endpoint whose model nobody declares",
    change: [["endpoints.single.model", "breed"]],
    path: "endpoints.single.model",
    message: /^there is no model "breed" under models$/,
    allowed: /^breeds$/,
    fix: /^Did you mean "breeds"\?$/,
  },
  {
    title: "a shadow whose model nobody declares",
    change: [[`${serving}.shadow`, { model: "nobody", instanceType: "ml.m5.large" }]],
    path: "endpoints.single.serving.shadow.model",
    message: /^there is no model "nobody" under models$/,
    allowed: /^breeds$/,
    fix: /^Declare it: models\.nobody\.classes\.$/,
  },
  {
    title: "a rollout that would start outside the scaling bounds",
    change: [[`${serving}.initialCount`, 3]],
    path: "endpoints.single.serving.initialCount",
    message: /^3 is outside the scaling bounds 1 to 2/,
    allowed: /^1 to 2$/,
  },
  {
    title: "an arm64 type with AWS's x86_64 image",
    change: [[`${serving}.instanceType`, "ml.m6g.large"]],
    path: "endpoints.single.serving.instanceType",
    message: /"ml\.m6g\.large" needs an image built for arm64/,
    allowed: /images\.serving\.registry/,
  },
  {
    title: "a Trainium type with AWS's NVIDIA image",
    change: [["jobs.single.instanceType", "ml.trn1.2xlarge"]],
    path: "jobs.single.instanceType",
    message: /needs an image built for Neuron devices/,
    allowed: /images\.training\.registry/,
  },
  {
    title: "data capture on a serverless endpoint",
    change: [
      [serving, { kind: "serverless", memoryMiB: 2048, maxConcurrency: 5 }],
      ["endpoints.single.isolation", { kind: "open", reason: "Serverless knows no isolation" }],
      ["endpoints.single.capture", { kind: "outputs", samplingPercent: 10 }],
    ],
    path: "endpoints.single.capture.kind",
    message: /serverless endpoints cannot capture data/,
    allowed: /^"none"$/,
  },
  {
    title: "network isolation on a serverless endpoint",
    change: [[serving, { kind: "serverless", memoryMiB: 2048, maxConcurrency: 5 }]],
    path: "endpoints.single.isolation.kind",
    message: /serverless endpoints cannot be network-isolated/,
    allowed: /kind: "open"/,
  },
  {
    title: "a serverless memory size between two steps",
    change: [
      [serving, { kind: "serverless", memoryMiB: 1500, maxConcurrency: 5 }],
      ["endpoints.single.isolation", { kind: "open", reason: "Serverless knows no isolation" }],
    ],
    path: "endpoints.single.serving.memoryMiB",
    message: /^is not one of the possible values$/,
    allowed: /^1024, 2048, 3072, 4096, 5120 or 6144$/,
  },
  {
    title: "a function in front of an asynchronous endpoint",
    raw: rawStack("staging"),
    change: [["endpoints.nightly.function", { kind: "invoke", reservedConcurrency: 1 }]],
    path: "endpoints.nightly.function.kind",
    message: /asynchronous endpoint is called with an S3 object/,
    allowed: /kind: "none"/,
  },
  {
    title: "a notebook in subnets that do not exist",
    change: [["notebook.internetAccess", { kind: "vpc-only" }]],
    path: "notebook.internetAccess.kind",
    message: /network\.kind is "none"/,
    allowed: /network\.kind "create" or "existing"/,
  },
  {
    title: "a VPC range that SageMaker itself uses",
    change: [["network", { kind: "create", cidrBlock: "172.17.0.0/16" }]],
    path: "network.cidrBlock",
    message: /overlaps 172\.17\.0\.0\/16/,
    allowed: /^a private range such as 10\.20\.0\.0\/16$/,
  },
  {
    title: "a VPC range too small for its subnets",
    change: [["network", { kind: "create", cidrBlock: "10.0.0.0/28" }]],
    path: "network.cidrBlock",
    message: /has a prefix of 28 bits/,
    allowed: /^\/16 to \/24$/,
  },
  {
    title: "one subnet",
    change: [
      [
        "network",
        { kind: "existing", vpcId: "vpc-0123456789abcdef0", subnetIds: ["subnet-0123456789abcdef0"] },
      ],
    ],
    path: "network.subnetIds",
    message: /^is too short: at least 2 entries$/,
    received: "a list of 1 entry",
    allowed: /^a list of 2 to 16 entries$/,
  },
  {
    title: "one bucket name for two buckets",
    change: [["storage", { data: { bucketName: "breeds-0001" }, models: { bucketName: "breeds-0001" } }]],
    path: "storage.models.bucketName",
    message: /already the name of another bucket/,
    allowed: /three different names/,
  },
  {
    title: "weights inside the image folder",
    change: [["storage.data.pretrainedPrefix", "dogImages/weights/"]],
    path: "storage.data.pretrainedPrefix",
    message: /contain one another/,
    allowed: /side by side/,
  },
  {
    title: "a schedule for machines that do not exist",
    raw: rawMinimal(),
    change: [["schedules.stopDevelopment", {}]],
    path: "schedules.stopDevelopment",
    message: /neither a notebook nor a training box/,
    allowed: /no such schedule/,
  },
  {
    title: "a cron field out of range",
    change: [["schedules.stopDevelopment.cron", "cron(0 25 ? * MON-FRI *)"]],
    path: "schedules.stopDevelopment.cron",
    message: /field out of range/,
    allowed: /^cron\(minutes hours/,
  },
  {
    title: "a five-field cron expression",
    change: [["schedules.stopDevelopment.cron", "0 20 * * 1-5"]],
    path: "schedules.stopDevelopment.cron",
    message: /^does not have the right form$/,
    allowed: /^cron\(minutes hours day-of-month month day-of-week year\)$/,
  },
  {
    title: "an offset in place of a time zone",
    change: [["schedules.stopDevelopment.timeZone", "+01:00"]],
    path: "schedules.stopDevelopment.timeZone",
    message: /^does not have the right form$/,
    allowed: /^an IANA time zone such as Europe\/Berlin or UTC$/,
  },
  {
    title: "a time zone in the wrong capitals",
    change: [["schedules.stopDevelopment.timeZone", "EUROPE/BERLIN"]],
    path: "schedules.stopDevelopment.timeZone",
    message: /^does not have the right form$/,
    allowed: /^an IANA time zone /,
  },
  {
    title: "an image that is whatever is newest",
    change: [["images", { serving: { cpu: "latest" } }]],
    path: "images.serving.cpu",
    message: /must not be "latest"/,
    allowed: /^a tag or sha256:<digest>$/,
  },
  {
    title: "a tag value with a reserved beginning",
    change: [["costCentre", "aws:team"]],
    path: "costCentre",
    message: /^does not have the right form$/,
    allowed: /not starting with aws:/,
  },
  {
    title: "a browser origin with a path",
    change: [[`${lambda}.corsOrigins`, ["https://example.com/app"]]],
    path: "endpoints.single.function.corsOrigins[0]",
    message: /^does not have the right form$/,
    allowed: /^an https origin such as https:\/\/example\.com, without a path, or \* outside prod$/,
  },
  {
    title: "every origin of the web in production",
    change: [
      ["environment", "prod"],
      [`${lambda}.corsOrigins`, ["https://example.com", "*"]],
    ],
    path: "endpoints.single.function.corsOrigins[1]",
    message: /^with "\*" every web site may read the answers$/,
    allowed: /^origins by name in prod$/,
  },
  {
    title: "every host of the internet in production",
    change: [
      ["environment", "prod"],
      [`${lambda}.corsOrigins`, []],
      [`${lambda}.images`, { hosts: ["*"] }],
    ],
    path: "endpoints.single.function.images.hosts[0]",
    message: /^with "\*" the function fetches from any public host$/,
    allowed: /^hosts by name in prod$/,
  },
  {
    title: "an address as a host to fetch from",
    change: [[`${lambda}.images`, { hosts: ["169.254.169.254"] }]],
    path: "endpoints.single.function.images.hosts[0]",
    message: /^does not have the right form$/,
    allowed: /^a host such as images\.example\.com/,
  },
  {
    title: "a canary with provisioned concurrency",
    change: [
      [`${lambda}.provisionedConcurrency`, { kind: "fixed", count: 1 }],
      [`${lambda}.release`, { kind: "canary", stableVersion: "3", percent: 10 }],
    ],
    path: "endpoints.single.function.release.kind",
    message: /^"canary" and provisionedConcurrency exclude each other on one alias$/,
    allowed: /^"immediate", or provisionedConcurrency\.kind "none"$/,
  },
  {
    title: "a canary with provisioned concurrency that follows the calls",
    change: [
      [`${lambda}.provisionedConcurrency`, { kind: "autoscaled", min: 1, max: 2 }],
      [`${lambda}.release`, { kind: "canary", stableVersion: "3", percent: 10 }],
    ],
    path: "endpoints.single.function.release.kind",
    message: /^"canary" and provisionedConcurrency exclude each other on one alias$/,
    allowed: /^"immediate", or provisionedConcurrency\.kind "none"$/,
  },
  {
    title: "a canary whose alarms nobody hears",
    change: [
      ["alarms", { kind: "silent", reason: "Only a test reads them" }],
      [`${lambda}.provisionedConcurrency`, { kind: "none" }],
      [`${lambda}.release`, { kind: "canary", stableVersion: "3", percent: 10 }],
    ],
    path: "endpoints.single.function.release.kind",
    message: /^"canary" needs somebody who hears its alarms, and alarms\.kind is "silent"$/,
    allowed: /^"immediate", or alarms\.kind "notify"$/,
  },
  {
    title: "a function with less memory than Node needs",
    change: [[`${lambda}.memoryMiB`, 255]],
    path: "endpoints.single.function.memoryMiB",
    message: /^is too small: at least 256$/,
    allowed: /\S/,
  },
  {
    title: "a service whose events are no requests",
    change: [
      [`${lambda}.serviceCallers`, [{ service: "sns", sourceArn: "arn:aws:sns:us-east-1:123456789012:t" }]],
    ],
    path: "endpoints.single.function.serviceCallers[0].service",
    message: /is not one of the possible values$/,
    allowed: /apigateway/,
  },
  {
    title: "a service that calls for anything",
    change: [[`${lambda}.serviceCallers`, [{ service: "events", sourceArn: "*" }]]],
    path: "endpoints.single.function.serviceCallers[0].sourceArn",
    message: /^does not have the right form$/,
    allowed: /^the ARN of what calls/,
  },
  {
    title: "a service with a resource of another one",
    change: [
      [
        `${lambda}.serviceCallers`,
        [
          {
            service: "events",
            sourceArn: "arn:aws:execute-api:us-east-1:123456789012:a1b2c3/*/POST/classify",
          },
        ],
      ],
    ],
    path: "endpoints.single.function.serviceCallers[0].sourceArn",
    message: /^is of the service "execute-api", for which "events" never calls$/,
    allowed: /^an ARN of the service "events"$/,
  },
  {
    title: "an API that is named by the service that calls for it",
    change: [
      [
        `${lambda}.serviceCallers`,
        [{ service: "apigateway", sourceArn: "arn:aws:apigateway:us-east-1:123456789012:/restapis/a1b2c3" }],
      ],
    ],
    path: "endpoints.single.function.serviceCallers[0].sourceArn",
    message: /^is of the service "apigateway", for which "apigateway" never calls$/,
    allowed: /^an ARN of the service "execute-api"$/,
  },
  {
    title: "a resource that calls without an account",
    change: [
      [
        `${lambda}.serviceCallers`,
        [{ service: "events", sourceArn: "arn:aws:events:us-east-1::rule/acme-uploads" }],
      ],
    ],
    path: "endpoints.single.function.serviceCallers[0].sourceArn",
    message: /^does not have the right form$/,
    allowed: /^the ARN of what calls/,
  },
  {
    title: "a safety switched off without a reason",
    change: [["removal", { kind: "destroy", reason: "dev" }]],
    path: "removal.reason",
    message: /^is too short: at least 10 characters$/,
    allowed: /^text of 10 to 300 characters$/,
  },
  {
    title: "a region where AWS's default registry publishes nothing",
    change: [["region", "af-south-1"]],
    path: "images.serving.registry",
    message: /does not publish its containers from account 763104351884 in af-south-1/,
    allowed: /the registry account of this region/,
  },
  {
    title: "a stack without a region",
    change: [["region", undefined]],
    path: "aws:region",
    message: /^is missing$/,
    allowed: /^an AWS region such as us-east-1$/,
  },
];

describe("bad input", () => {
  for (const { title, raw = rawStack("dev"), change, path, message, received, allowed, fix } of cases) {
    it(`refuses ${title} at ${path}`, () => {
      const bad = change.reduce((sections, [key, value]) => changed(sections, key, value), raw);

      const problems = problemsOf(bad);

      const problem = problems.find((candidate) => candidate.path === path);
      assert.ok(problem !== undefined, `only ${JSON.stringify(problems)}`);
      assert.match(problem.message, message);
      assert.match(problem.allowed, allowed);
      assert.match(problem.fix, fix ?? /\S/);
      if (received !== undefined) assert.equal(problem.received, received);
    });
  }

  it("finds exactly one problem per fault", () => {
    const counts = cases.flatMap(({ title, raw = rawStack("dev"), change }) => {
      const bad = change.reduce((sections, [key, value]) => changed(sections, key, value), raw);
      const { length } = problemsOf(bad);
      return length === 1 ? [] : [[title, length]];
    });

    // Both images come from the default registry.
    assert.deepEqual(counts, [["a region where AWS's default registry publishes nothing", 2]]);
  });
});
