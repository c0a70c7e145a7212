import { DataStore } from "../../infra/components/data-store";
import { Network } from "../../infra/components/network";
import { TrainingCode } from "../../infra/components/training-code";
import { TrainingRole } from "../../infra/components/training-role";
import { storage } from "../../infra/config/schema/foundation";
import { imagesSection, job, tuningJob } from "../../infra/config/schema/training";
import { stackContext } from "./stack-context";

export interface FoundationOptions {
  /** @default false */
  readonly kms?: boolean;
  /** @default false */
  readonly network?: boolean;
  /** @default - an empty one */
  readonly jobs?: Readonly<Record<string, object>>;
  /** @default - an empty one */
  readonly tuning?: Readonly<Record<string, object>>;
}

export const existingNetwork = {
  kind: "existing",
  vpcId: "vpc-0123456789abcdef0",
  subnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
} as const;

/** What jobs, notebook and box stand on, built inside a recording: everything of it is named `storage`, `network` … */
export function foundation({ kms = false, network = false, jobs = {}, tuning = {} }: FoundationOptions = {}) {
  const context = stackContext();
  const config = {
    storage: storage.parse(kms ? { encryption: "kms" } : {}),
    images: imagesSection.parse({}),
    jobs: parseAll(jobs, (section) => job.parse(section)),
    tuning: parseAll(tuning, (section) => tuningJob.parse(section)),
  };
  const dataStore = new DataStore("storage", { context, storage: config.storage });
  const net = network
    ? new Network("network", {
        context,
        network: { ...existingNetwork, subnetIds: [...existingNetwork.subnetIds] },
      })
    : undefined;
  const code = new TrainingCode("code", { dataStore });
  const role = new TrainingRole("jobs", { context, config, dataStore, network: net });
  return { context, config, dataStore, network: net, code, role };
}

function parseAll<T>(
  sections: Readonly<Record<string, object>>,
  parse: (section: object) => T,
): Record<string, T> {
  return Object.fromEntries(Object.entries(sections).map(([name, section]) => [name, parse(section)]));
}
