import { z } from "zod";
import { findInstanceType } from "../../../policy/catalog/instance-types";
import { type Finding, instanceType } from "./fields";
import { volumeKey } from "./job-fields";

// What endpoints on instances have in common, real-time and asynchronous.

export const startup = {
  modelDownloadTimeoutSeconds: z
    .int()
    .min(60)
    .max(3600)
    .default(600)
    .describe("For fetching and unpacking the artifact."),
  healthCheckTimeoutSeconds: z
    .int()
    .min(60)
    .max(3600)
    .default(300)
    .describe("From container start to the first good /ping."),
};

export const volume = {
  volumeSizeGiB: z
    .int()
    .min(1)
    .max(512)
    .optional()
    .describe("EBS volume per instance. Default: what AWS gives. Not for types with local NVMe disks."),
  volumeEncryption: z
    .enum(["service", "kms"])
    .default("service")
    .describe("`kms`: the stack's key. Refused with local NVMe disks."),
};

interface Hosted {
  readonly instanceType: string;
  readonly volumeSizeGiB?: number | undefined;
  readonly volumeEncryption: "service" | "kms";
}

export function volumes({ instanceType: name, volumeSizeGiB, volumeEncryption }: Hosted): Finding[] {
  const nvme = findInstanceType("hosting", name)?.localNvme === true;
  const size: Finding[] =
    nvme && volumeSizeGiB !== undefined
      ? [
          {
            path: ["volumeSizeGiB"],
            message: `"${name}" has local NVMe disks of a fixed size`,
            allowed: "no volumeSizeGiB with this type",
          },
        ]
      : [];
  return [...size, ...volumeKey("hosting", name, volumeEncryption)];
}

export function burstable(name: string, path: string[]): Finding[] {
  return findInstanceType("hosting", name)?.burstable === true
    ? [
        {
          path,
          message: `burstable type "${name}" cannot be autoscaled: AWS refuses to register it`,
          allowed: 'scaling.kind "fixed", or a type such as ml.m5.large',
        },
      ]
    : [];
}

export const hostingType = instanceType("hosting").describe("One with an NVIDIA GPU takes the GPU image.");
