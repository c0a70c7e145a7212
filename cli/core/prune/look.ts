import type { AwsClients } from "../aws/clients";
import type { Account, PrunedKind } from "./account";
import { HostingReader } from "./read-hosting";
import { readPackageUses } from "./read-registry";
import { type LogGroupScope, readArtifacts, readLogGroups, readPromotions } from "./read-storage";

export interface LookScope extends LogGroupScope {
  /** Absent where nothing is deployed: its name is not known then. */
  readonly modelsBucketName: string | undefined;
}

/** Looks at the account: as a whole, or at what decides whether one kind of thing may go. */
export interface Look {
  whole(): Promise<Account>;
  /** What has not been asked for is as it was seen last. */
  at(kind: PrunedKind): Promise<Account>;
}

/** Which parts of the account decide about a kind, and hold it. */
const decidedBy: Readonly<Record<PrunedKind, readonly (keyof Account)[]>> = {
  configuration: ["endpoints", "configurations"],
  model: ["configurations", "models", "modelUses"],
  artifact: ["packageUses", "models", "artifacts", "promotions"],
  logGroup: ["endpoints", "logGroups"],
};

/**
 * What is used before what uses it: whatever is seen then has its users looked for afterwards. Promotions come last, as a new one may
 * be of an artifact that has been there for long.
 */
const everything: readonly (keyof Account)[] = [
  "artifacts",
  "packageUses",
  "models",
  "modelUses",
  "configurations",
  "endpoints",
  "logGroups",
  "promotions",
];

/** @param progress is told what is looked at. */
export function lookAt(clients: AwsClients, scope: LookScope, progress: (what: string) => void): Look {
  const hosting = new HostingReader(clients.sagemaker);
  const { modelsBucketName: bucket } = scope;
  let seen: Account = {
    endpoints: [],
    configurations: [],
    models: [],
    modelUses: [],
    packageUses: [],
    artifacts: [],
    promotions: [],
    logGroups: [],
  };
  const readers: { readonly [Part in keyof Account]: readonly [string, () => Promise<Account[Part]>] } = {
    endpoints: ["endpoints", () => hosting.readEndpoints()],
    configurations: ["endpoint configurations", () => hosting.readConfigurations()],
    models: ["models", () => hosting.readModels()],
    modelUses: ["inference components and transform jobs", () => hosting.readModelUses()],
    // They decide about artifacts alone.
    packageUses: [
      "model packages",
      async () => (bucket === undefined ? [] : readPackageUses(clients.sagemaker)),
    ],
    artifacts: ["artifacts", async () => (bucket === undefined ? [] : readArtifacts(clients, bucket))],
    promotions: ["promotions", async () => (bucket === undefined ? [] : readPromotions(clients, bucket))],
    logGroups: ["log groups", () => readLogGroups(clients, scope, seen.endpoints)],
  };

  const look = async (parts: readonly (keyof Account)[]) => {
    for (const part of everything.filter((one) => parts.includes(one))) {
      const [what, read] = readers[part];
      progress(what);
      seen = { ...seen, [part]: await read() };
    }
    return seen;
  };
  return { whole: () => look(everything), at: (kind) => look(decidedBy[kind]) };
}
