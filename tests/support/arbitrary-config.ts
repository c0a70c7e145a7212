import fc from "fast-check";
import { type InstanceType, instanceTypesFor, type Use } from "../../policy/catalog/instance-types";
import type { Raw } from "./raw-config";

// Random configurations for property tests. `validishConfig` keeps the relations between keys, so that most samples
// parse; `adversarialConfig` damages such samples in ways that people and attackers do.

const entryName = fc.oneof(
  { weight: 8, arbitrary: fc.stringMatching(/^[a-z](?:-?[a-z0-9]){0,9}$/) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("constructor", "a", "abcdefghij0123456789", "kind", "name", "default"),
  },
);
const reason = fc.constantFrom("Only a test reads this", "Ausgeschaltet für den Test — später wieder an");
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const cron = fc.constantFrom(
  "cron(0 20 ? * MON-FRI *)",
  "cron(15/30 6-8 1,15 * ? *)",
  "cron(0 0 L * ? 2030)",
  "cron(0 7 ? JAN,JUL 2#1 *)",
);
const timeZone = fc.constantFrom("UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata");
const emails = fc.uniqueArray(
  fc.constantFrom("a@example.com", "ml-platform@example.com", "on.call+ml@example.org"),
  {
    minLength: 1,
  },
);
const optional = <T extends Raw>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, requiredKeys: (keyof T)[]) =>
  fc.record(model, { requiredKeys });

/** From `low` to `high`, small values first: the interesting counts are 0, 1, 2 and the ends. */
const int = (low: number, high: number) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: low, max: Math.min(high, low + 8) }) },
    { weight: 1, arbitrary: fc.integer({ min: low, max: high }) },
    { weight: 1, arbitrary: fc.constant(high) },
  );
const usd = fc.double({ min: 0.01, max: 10_000, noNaN: true });

const typeFor = (use: Use, filter: (type: InstanceType) => boolean = () => true) =>
  fc.constantFrom(
    ...instanceTypesFor(use)
      .filter(
        (type) => use === "compute" || use === "notebook" || (type.architecture === "x86_64" && !type.neuron),
      )
      .filter(filter)
      .map(({ name }) => name),
  );

/** Volume keys of a job or a fleet: a KMS key only where the stack has one and AWS takes it. */
const volumeEncryption = (kms: boolean, nvme: boolean) =>
  kms && !nvme ? fc.constantFrom("service", "kms") : fc.constant("service");

const isNvme = (use: Use, name: string) =>
  instanceTypesFor(use).some((type) => type.name === name && type.localNvme);

const market = (maxRuntimeMinutes: number) =>
  fc.oneof(
    fc.constant({ kind: "on-demand" }),
    fc
      .integer({ min: maxRuntimeMinutes, max: 40_320 })
      .map((maxWaitMinutes) => ({ kind: "spot", maxWaitMinutes })),
  );

const hyperparameters = (instanceCount: number) =>
  fc
    .record(
      {
        fineTune:
          instanceCount > 1 ? fc.constantFrom("layer4", "full") : fc.constantFrom("head", "layer4", "full"),
        epochs: int(1, 1000),
        patience: int(1, 100),
        seed: int(0, 2 ** 31 - 1),
      },
      { requiredKeys: instanceCount > 1 ? ["fineTune"] : [] },
    )
    .map((values): Raw => values);

const resources = (use: "training" | "tuning", kms: boolean) =>
  fc
    .record({ instanceType: typeFor(use), maxRuntimeMinutes: int(5, 40_320), instanceCount: int(1, 20) })
    .chain((job) =>
      fc
        .record(
          {
            volumeSizeGiB: int(1, 16_384),
            volumeEncryption: volumeEncryption(kms, isNvme(use, job.instanceType)),
            market: market(job.maxRuntimeMinutes),
            retryAttempts: int(1, 30),
            hyperparameters: hyperparameters(job.instanceCount),
          },
          { requiredKeys: ["hyperparameters"] },
        )
        .map((rest): Raw => ({ ...job, ...rest })),
    );

const job = (kms: boolean) =>
  fc
    .tuple(resources("training", kms), optional({ inputMode: fc.constantFrom("File", "FastFile") }, []))
    .map(([base, rest]): Raw => ({ ...base, ...rest }));

const tuningJob = (kms: boolean) =>
  fc
    .tuple(
      resources("tuning", kms),
      fc.constantFrom("Bayesian", "Random", "Hyperband"),
      fc
        .integer({ min: 2, max: 500 })
        .chain((maxJobs) =>
          fc
            .integer({ min: 1, max: Math.min(100, maxJobs) })
            .map((maxParallelJobs) => ({ maxJobs, maxParallelJobs })),
        ),
      optional(
        {
          objective: fc.constantFrom("validation:loss", "validation:accuracy"),
          learningRate: fc.constantFrom({ min: 1e-5, max: 1e-2 }, { min: 1e-6, max: 1 }),
          batchSizes: fc.uniqueArray(fc.integer({ min: 1, max: 4096 }), { minLength: 1, maxLength: 5 }),
        },
        [],
      ),
    )
    .map(
      ([base, strategy, counts, rest]): Raw => ({
        ...base,
        strategy,
        ...(strategy === "Hyperband" ? { earlyStopping: "Off" } : {}),
        ...counts,
        ...rest,
      }),
    );

const waits = { waitSeconds: int(0, 600), terminationWaitSeconds: int(0, 3600) };
const rollout = (canShift: boolean, canRoll: boolean) => {
  const allAtOnce = optional({ kind: fc.constant("all-at-once"), ...waits }, ["kind"]);
  const shifting = [
    optional({ kind: fc.constant("canary"), percent: int(1, 50), ...waits }, ["kind", "percent"]),
    optional({ kind: fc.constant("linear"), stepPercent: int(10, 50), ...waits }, ["kind", "stepPercent"]),
  ];
  const rolling = optional(
    { kind: fc.constant("rolling"), batchPercent: int(5, 50), waitSeconds: int(0, 300) },
    ["kind", "batchPercent"],
  );
  return fc.oneof(
    ...[allAtOnce, ...(canShift ? shifting : []), ...(canShift && canRoll ? [rolling] : [])].map(
      (arbitrary) => arbitrary.map((value): Raw => value),
    ),
  );
};

/** `min <= initialCount <= max`. */
const bounds = (lowest: number) =>
  fc.tuple(int(lowest, 20), int(0, 5), int(0, 75)).map(([min, above, more]) => ({
    min,
    initialCount: Math.max(1, min + above),
    max: Math.max(1, min + above) + more,
  }));

const startup = {
  modelDownloadTimeoutSeconds: int(60, 3600),
  healthCheckTimeoutSeconds: int(60, 3600),
};

const scaled = fc
  .record({
    bounds: bounds(1),
    metric: fc.oneof(
      optional(
        {
          kind: fc.constant("invocations"),
          maxRequestsPerSecond: fc.double({ min: 0.01, max: 1000, noNaN: true }),
          safetyFactor: fc.double({ min: 0.1, max: 1, noNaN: true }),
        },
        ["kind", "maxRequestsPerSecond"],
      ),
      fc.record({
        kind: fc.constant("concurrency"),
        targetConcurrentRequests: fc.integer({ min: 1, max: 1000 }),
      }),
    ),
    cooldowns: optional({ scaleOutCooldownSeconds: int(0, 3600), scaleInCooldownSeconds: int(0, 3600) }, []),
    schedules: fc.dictionary(
      entryName,
      fc
        .record({ cron, timeZone, bounds: bounds(1) })
        .map(({ bounds: { min, max }, ...rest }) => ({ ...rest, min, max })),
      { maxKeys: 2 },
    ),
  })
  .map(({ bounds: { min, max, initialCount }, metric, cooldowns, schedules }) => ({
    initialCount,
    fleetSize: Math.min(initialCount, min, ...Object.values(schedules).map((schedule) => schedule.min)),
    scaling: { ...metric, min, max, ...cooldowns, schedules } as Raw,
  }));
const fixed = int(1, 20).map((initialCount) => ({
  initialCount,
  fleetSize: initialCount,
  scaling: { kind: "fixed" } as Raw,
}));

const instances = (kms: boolean, models: readonly string[]) =>
  fc.boolean().chain((isFixed) =>
    fc
      .tuple(
        typeFor("hosting", ({ burstable }) => isFixed || !burstable),
        isFixed ? fixed : scaled,
        fc.option(
          optional(
            {
              model: fc.constantFrom(...models),
              instanceType: typeFor("hosting"),
              count: int(1, 10),
              samplingPercent: int(1, 100),
            },
            ["model", "instanceType"],
          ),
          { nil: undefined, freq: 4 },
        ),
      )
      .chain(([instanceType, { initialCount, fleetSize, scaling }, shadow]) =>
        fc
          .record(
            {
              rollout: rollout(fleetSize >= 2, shadow === undefined),
              volumeEncryption: volumeEncryption(
                kms,
                [instanceType, shadow?.instanceType].some(
                  (name) => name !== undefined && isNvme("hosting", name),
                ),
              ),
              ...(isNvme("hosting", instanceType) ? {} : { volumeSizeGiB: int(1, 512) }),
              routing: fc.constantFrom("LEAST_OUTSTANDING_REQUESTS", "RANDOM"),
              ...startup,
            },
            { requiredKeys: [] },
          )
          .map(
            (rest): Raw => ({
              kind: "instances",
              instanceType,
              initialCount,
              scaling,
              ...rest,
              ...(shadow === undefined ? {} : { shadow }),
            }),
          ),
      ),
  );

const serverless = fc
  .tuple(fc.constantFrom(1024, 2048, 3072, 4096, 5120, 6144), int(1, 200), fc.boolean())
  .map(
    ([memoryMiB, maxConcurrency, isWarm]): Raw => ({
      kind: "serverless",
      memoryMiB,
      maxConcurrency,
      ...(isWarm ? { provisionedConcurrency: Math.ceil(maxConcurrency / 2) } : {}),
    }),
  );

const asynchronous = (kms: boolean) =>
  fc
    .tuple(
      typeFor("hosting", ({ burstable }) => !burstable),
      bounds(0),
    )
    .chain(([instanceType, { min, max, initialCount }]) =>
      fc
        .record(
          {
            rollout: rollout(min >= 2, true),
            volumeEncryption: volumeEncryption(kms, isNvme("hosting", instanceType)),
            maxConcurrentInvocationsPerInstance: int(1, 1000),
            ...startup,
          },
          { requiredKeys: [] },
        )
        .map((rest): Raw => ({ kind: "async", instanceType, initialCount, scaling: { min, max }, ...rest })),
    );

const canary = fc.record({
  kind: fc.constant("canary"),
  stableVersion: int(1, 99).map(String),
  percent: int(1, 50),
});

const invokeFunction = int(1, 200).chain((reservedConcurrency) =>
  fc
    .record(
      {
        memoryMiB: int(256, 10_240),
        timeoutSeconds: int(3, 900),
        provisionedConcurrency: fc.oneof(
          fc.constant({ kind: "none" }),
          fc.integer({ min: 1, max: reservedConcurrency }).map((count) => ({ kind: "fixed", count })),
          fc
            .tuple(
              fc.integer({ min: 1, max: reservedConcurrency }),
              fc.integer({ min: 1, max: reservedConcurrency }),
            )
            .map(([a, b]) => ({ kind: "autoscaled", min: Math.min(a, b), max: Math.max(a, b) })),
        ),
        url: fc.constantFrom({ kind: "none" }, { kind: "iam" }),
        corsOrigins: fc.constantFrom([], ["https://example.com", "https://dogs.example.com:8443"]),
        images: fc.record(
          {
            hosts: fc.constantFrom([], ["images.example.com", "*.example.org"]),
            buckets: fc.constantFrom([], ["acme-uploads"]),
            maxBatch: int(1, 20),
          },
          { requiredKeys: [] },
        ),
        asynchronous: fc.oneof(
          fc.constant({ kind: "drop" }),
          fc.record({ kind: fc.constant("queue"), retries: int(0, 2), maxAgeSeconds: int(60, 21_600) }),
        ),
        serviceCallers: fc.constantFrom(
          [],
          [{ service: "events", sourceArn: "arn:aws:events:us-east-1:123456789012:rule/acme-uploads" }],
        ),
        tracing: fc.constantFrom("caller", "active"),
        logRetentionDays: fc.constantFrom(1, 30, 365),
      },
      { requiredKeys: [] },
    )
    .chain((rest) =>
      // A canary excludes environments that are kept ready.
      (rest.provisionedConcurrency === undefined
        ? fc.option(canary, { nil: undefined })
        : fc.constant(undefined)
      ).map(
        (release): Raw => ({
          kind: "invoke",
          reservedConcurrency,
          ...rest,
          ...(release === undefined ? {} : { release }),
        }),
      ),
    ),
);
const noFunction = fc.record({ kind: fc.constant("none"), reason });

const share = int(1, 100);
const capture = fc.oneof(
  fc.constant({ kind: "none" }),
  share.map((samplingPercent) => ({ kind: "outputs", samplingPercent })),
  fc.record({ kind: fc.constant("inputs-and-outputs"), samplingPercent: share, reason }),
);
const openIsolation = fc.record({ kind: fc.constant("open"), reason });

const endpoint = (kms: boolean, models: readonly string[]) =>
  fc
    .oneof(
      { weight: 4, arbitrary: instances(kms, models) },
      { weight: 1, arbitrary: serverless },
      { weight: 2, arbitrary: asynchronous(kms) },
    )
    .chain((serving) => {
      const isServerless = serving.kind === "serverless";
      return fc
        .record(
          {
            model: fc.constantFrom(...models),
            function: serving.kind === "async" ? noFunction : fc.oneof(invokeFunction, noFunction),
            isolation: isServerless
              ? openIsolation
              : fc.oneof(fc.constant({ kind: "isolated" }), openIsolation),
            capture: isServerless ? fc.constant({ kind: "none" }) : capture,
            alarms: optional({ p99LatencyMilliseconds: int(1, 60_000), errorPercent: int(1, 100) }, []),
            logRetentionDays: fc.constantFrom(1, 30, 365),
          },
          { requiredKeys: isServerless ? ["model", "function", "isolation"] : ["model", "function"] },
        )
        .map((rest): Raw => ({ serving, ...rest }));
    });

const network = fc.oneof(
  fc.constant({ kind: "none" }),
  optional(
    {
      kind: fc.constant("create"),
      cidrBlock: fc.constantFrom("10.20.0.0/16", "192.168.4.0/24", "172.20.0.0/20"),
      zoneCount: fc.constantFrom(2, 3),
      flowLogDays: fc.constantFrom(1, 30, 3653),
    },
    ["kind"],
  ),
  fc.constant({
    kind: "existing",
    vpcId: "vpc-0123456789abcdef0",
    subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
  }),
);

const storage = (kms: boolean) =>
  fc
    .record(
      {
        accessLogs: fc.boolean(),
        noncurrentVersionDays: int(1, 3650),
        data: optional(
          {
            bucketName: fc.constant("breeds-data-0001"),
            prefix: fc.constantFrom("dogImages/", "a/b/"),
            manifestDigest: digest,
          },
          [],
        ),
        output: optional({ bucketName: fc.constant("breeds-output-0001"), expirationDays: int(1, 3650) }, []),
        models: optional({ bucketName: fc.constant("breeds-models-0001") }, []),
      },
      { requiredKeys: [] },
    )
    .map((rest): Raw => ({ encryption: kms ? "kms" : "s3", ...rest }));

const notebook = (hasNetwork: boolean) =>
  optional(
    {
      instanceType: typeFor("notebook"),
      volumeSizeGiB: int(5, 16_384),
      platform: fc.constantFrom("notebook-al2-v3", "notebook-al2023-v1"),
      idleStopMinutes: int(15, 1440),
      internetAccess: hasNetwork
        ? fc.constant<Raw>({ kind: "vpc-only" })
        : reason.map((text): Raw => ({ kind: "direct", reason: text })),
    },
    ["internetAccess"],
  ).map((value): Raw => value);

const trainingBox = (hasWayIn: boolean) =>
  optional(
    {
      instanceType: typeFor("compute", ({ gpus }) => gpus !== undefined),
      market: fc.constantFrom<Raw>(
        { kind: "on-demand" },
        { kind: "spot" },
        { kind: "spot", maxHourlyUsd: 0.5 },
      ),
      ami: fc.constantFrom<Raw>({ kind: "deep-learning" }, { kind: "id", amiId: "ami-0123456789abcdef0" }),
      access: hasWayIn
        ? fc.constantFrom<Raw>(
            { kind: "session-manager" },
            { kind: "ssh", cidrBlocks: ["203.0.113.7/32", "198.51.100.0/24"], keyName: "laptop" },
          )
        : fc.constant<Raw>({ kind: "session-manager" }),
      rootVolumeGiB: int(75, 16_384),
      idleShutdownMinutes: int(10, 720),
    },
    ["instanceType"],
  ).map((value): Raw => value);

const ceilings = fc.record({
  hourlyUsd: fc.record({ hosting: usd, training: usd, tuning: usd, notebook: usd, compute: usd }),
  jobUsd: usd,
  monthlyUsd: usd,
});

const model = fc
  .record(
    {
      classes: int(2, 10_000),
      digest,
      promotion: optional({ minAccuracy: fc.double({ min: 0, max: 1, noNaN: true }) }, []),
      registry: fc.oneof(
        fc.constant({ kind: "none" }),
        optional({ kind: fc.constant("group"), approval: fc.constantFrom("required", "automatic") }, [
          "kind",
        ]),
      ),
    },
    { requiredKeys: ["classes"] },
  )
  .map((value): Raw => value);

const alarms = fc.oneof(
  optional({ kind: fc.constant("notify"), emails, idleEndpointHours: int(1, 24) }, ["kind", "emails"]),
  fc.record({ kind: fc.constant("silent"), reason }),
);
const budget = fc.oneof(
  optional(
    {
      kind: fc.constant("monthly"),
      emails,
      limitUsd: usd,
      alertPercents: fc.constantFrom([100], [50, 80, 100], [1, 1000]),
      anomalyUsd: usd,
      costAllocationTag: fc.constantFrom("activate", "managed-elsewhere"),
    },
    ["kind", "emails"],
  ),
  fc.record({ kind: fc.constant("none"), reason }),
);

/** Names to values: the first names to the first section, the rest to the second, so that none occurs twice. */
function split(names: readonly string[], values: readonly Raw[]): Raw {
  return Object.fromEntries(names.slice(0, values.length).map((name, index) => [name, values[index]]));
}

/** A canary needs somebody who hears its alarms. */
function withoutCanary(endpoint: Raw): Raw {
  const { release: _, ...fn } = endpoint.function as Raw;
  return { ...endpoint, function: fn };
}

/** Raw sections that keep every rule, or nearly: they explore all kinds, names and ranges. */
export const validishConfig: fc.Arbitrary<Raw> = fc
  .record({ kms: fc.boolean(), network, models: fc.uniqueArray(entryName, { minLength: 1, maxLength: 3 }) })
  .chain(({ kms, network: net, models }) =>
    fc
      .record({
        core: fc.record({
          region: fc.constantFrom("us-east-1", "eu-central-1", "ap-southeast-2"),
          environment: fc.stringMatching(/^[a-z](?:-?[a-z0-9]){0,4}$/),
          owner: fc.constantFrom("ml-platform", "Équipe données", "a@b:c/d=e+f", "1234"),
          costCentre: fc.constantFrom("breed-classifier", "x"),
          ceilings,
          alarms,
          budget,
          storage: storage(kms),
        }),
        modelSections: fc.tuple(...models.map(() => model)),
        jobNames: fc.uniqueArray(entryName, { minLength: 4, maxLength: 4 }),
        jobs: fc.array(job(kms), { maxLength: 2 }),
        tuning: fc.array(tuningJob(kms), { maxLength: 2 }),
        endpointNames: fc.uniqueArray(entryName, { minLength: 3, maxLength: 3 }),
        endpoints: fc.array(endpoint(kms, models), { maxLength: 3 }),
        rest: fc.record(
          {
            network: fc.constant<Raw>(net),
            removal: fc.oneof(
              fc.constant<Raw>({ kind: "retain" }),
              reason.map((text): Raw => ({ kind: "destroy", reason: text })),
            ),
            notebook: notebook(net.kind !== "none"),
            trainingBox: trainingBox(net.kind !== "create"),
            contract: optional({ consumerAccounts: fc.constant(["012345678901"]) }, []),
            quotas: fc.constantFrom<Raw>({}, { hostingInstances: { "ml.m5.large": 1000 } }),
          },
          { requiredKeys: ["network"] },
        ),
        schedule: fc.option(fc.record({ cron, timeZone }), { nil: undefined, freq: 3 }),
      })
      .map(
        ({ core, modelSections, jobNames, jobs, tuning, endpointNames, endpoints, rest, schedule }): Raw => {
          const canStop = rest.notebook !== undefined || rest.trainingBox !== undefined;
          return {
            ...core,
            models: split(models, modelSections),
            jobs: split(jobNames.slice(0, 2), jobs),
            tuning: split(jobNames.slice(2), tuning),
            endpoints: split(
              endpointNames,
              core.alarms.kind === "silent" ? endpoints.map(withoutCanary) : endpoints,
            ),
            ...rest,
            ...(canStop && schedule !== undefined ? { schedules: { stopDevelopment: schedule } } : {}),
          };
        },
      ),
  );

const weird = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    0,
    -0,
    -1,
    0.5,
    1e308,
    2 ** 53,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "",
    " ",
    "0",
    "true",
    "null",
    "constructor",
    "__proto__",
    "ml.m5.large",
    "0.0.0.0/0",
    "\u202egnitsop",
    "\ud800",
    "🐕".repeat(40),
    "x".repeat(5000),
    "AKIAIOSFODNN7EXAMPLE",
    [],
    {},
    [[]],
    [null],
    { kind: "none" },
    { kind: null },
    { kind: ["instances"] },
    { length: -1 },
  ),
  fc.constant('{"__proto__":{"polluted":true}}').map((text): unknown => JSON.parse(text)),
  fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withNullPrototype: true }),
);

type Damage =
  | { readonly what: "replace" | "add"; readonly at: number; readonly key: string; readonly value: unknown }
  | { readonly what: "remove" | "misspell" | "swap"; readonly at: number; readonly other: number };

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({
    what: fc.constantFrom("replace" as const, "add" as const),
    at: fc.nat(),
    key: fc.oneof(
      fc.constantFrom("__proto__", "constructor", "toString", "Kind", "", "0", "a.b", "🐕"),
      fc.string(),
    ),
    value: weird,
  }),
  fc.record({
    what: fc.constantFrom("remove" as const, "misspell" as const, "swap" as const),
    at: fc.nat(),
    other: fc.nat(),
  }),
);

/** Raw sections that somebody has broken: wrong types, absurd values, misspelt and prototype keys, swapped sections. */
export const adversarialConfig: fc.Arbitrary<Raw> = fc
  .tuple(validishConfig, fc.array(damage, { minLength: 1, maxLength: 4 }))
  .map(([raw, damages]) => damages.reduce(damaged, structuredClone(raw)));

/** Every place in a tree where a key or an index holds a value. */
function places(value: unknown): { readonly parent: Raw; readonly key: string }[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => {
    const parent = value as Raw;
    return [{ parent, key }, ...places(parent[key])];
  });
}

function damaged(raw: Raw, harm: Damage): Raw {
  const all = places(raw);
  const place = all[harm.at % Math.max(1, all.length)];
  if (place === undefined) return raw;
  const { parent, key } = place;
  if (harm.what === "replace") define(parent, key, harm.value);
  if (harm.what === "add") define(parent, harm.key, harm.value);
  if (harm.what === "remove") delete parent[key];
  if (harm.what === "misspell") {
    const value = parent[key];
    delete parent[key];
    define(parent, key.length > 1 ? key.slice(0, -1) : `${key}x`, value);
  }
  if (harm.what === "swap") {
    const other = all[harm.other % all.length];
    if (other !== undefined) {
      // Copied, so that swapping a section with one inside it makes no cycle.
      const [one, two] = [structuredClone(parent[key]), structuredClone(other.parent[other.key])];
      define(other.parent, other.key, one);
      define(parent, key, two);
    }
  }
  return raw;
}

/** Assignment would call the setter of `__proto__`. */
function define(parent: Raw, key: string, value: unknown): void {
  Object.defineProperty(parent, key, { value, enumerable: true, configurable: true, writable: true });
}
