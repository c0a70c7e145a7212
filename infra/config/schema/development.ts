import { z } from "zod";
import { findInstanceType } from "../../../policy/catalog/instance-types";
import { ipv4Range, prefixBits } from "./cidr";
import { distinct, type Finding, instanceType, reason, withChecks } from "./fields";

export const notebook = z
  .strictObject({
    instanceType: instanceType("notebook")
      .default("ml.t3.medium")
      .describe("Its ceiling is ceilings.hourlyUsd.notebook."),
    volumeSizeGiB: z.int().min(5).max(16384).default(20).describe("Encrypted volume that survives a stop."),
    platform: z
      .enum(["notebook-al2-v3", "notebook-al2023-v1"])
      .default("notebook-al2023-v1")
      .describe("Platform identifier; only those AWS still supports."),
    idleStopMinutes: z
      .int()
      .min(15)
      .max(1440)
      .default(60)
      .describe("Minutes without a running kernel until it stops itself."),
    internetAccess: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("vpc-only") }),
        z.strictObject({ kind: z.literal("direct"), reason }),
      ])
      .prefault({ kind: "vpc-only" })
      .describe("`vpc-only` needs a network. It cannot be changed later without replacing the notebook."),
  })
  .describe("An optional SageMaker notebook instance: no root, IMDSv2, encrypted, stops when idle.");

const sshAccess = z.strictObject({
  kind: z.literal("ssh"),
  cidrBlocks: distinct(
    z
      .array(
        ipv4Range("203.0.113.7/32").superRefine((range, context) => {
          const bits = prefixBits(range);
          // NaN, for text that is no range, is not below 24.
          if (bits < 24) {
            context.addIssue({
              code: "custom",
              message:
                bits === 0
                  ? "opens SSH to the whole internet"
                  : `opens SSH to ${2 ** (32 - bits)} addresses: wider than /24`,
              params: {
                allowed: "/24 to /32",
                fix: "Name your own address as a /32, or use session-manager, which needs no open port.",
              },
            });
          }
        }),
      )
      .min(1)
      .max(10),
    "a range",
  ).describe("Where SSH may come from: /24 to /32."),
  keyName: z.string().min(1).max(255).describe("Name of an existing EC2 key pair."),
});

export const trainingBox = withChecks(
  z.strictObject({
    instanceType: instanceType("compute").describe(
      "EC2 type that fits the AMI: the GPU image needs an NVIDIA GPU.",
    ),
    ami: z
      .discriminatedUnion("kind", [
        z.strictObject({
          kind: z.literal("deep-learning"),
          amiType: z
            .string()
            .regex(/^[a-z0-9][a-z0-9.-]{2,79}$/, {
              error: "must be a DLAMI type such as oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04",
            })
            .default("oss-nvidia-driver-gpu-pytorch-2.12-ubuntu-24.04")
            .describe(
              "Part of the public SSM parameter /aws/service/deeplearning/ami/<architecture>/<amiType>/latest/ami-id.",
            ),
        }),
        z.strictObject({
          kind: z.literal("id"),
          amiId: z
            .string()
            .regex(/^ami-[0-9a-f]{8,17}$/, { error: "must be an AMI id such as ami-0123456789abcdef0" })
            .describe("AMI of this region."),
        }),
      ])
      .prefault({ kind: "deep-learning" })
      .describe(
        "`deep-learning`: looked up at creation and then pinned. `id`: exactly this image; changing it replaces the box.",
      ),
    market: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("on-demand") }),
        z.strictObject({
          kind: z.literal("spot"),
          maxHourlyUsd: z.number().positive().max(1000).optional().describe("Default: the on-demand price."),
        }),
      ])
      .prefault({ kind: "on-demand" })
      .describe("A spot box can be interrupted; training resumes from its checkpoints in the output bucket."),
    access: z
      .discriminatedUnion("kind", [z.strictObject({ kind: z.literal("session-manager") }), sshAccess])
      .prefault({ kind: "session-manager" })
      .describe("Session Manager needs no open port."),
    rootVolumeGiB: z
      .int()
      .min(75)
      .max(16384)
      .default(100)
      .describe("Encrypted gp3 root volume; the image alone needs about 75 GiB."),
    idleShutdownMinutes: z
      .int()
      .min(10)
      .max(720)
      .default(30)
      .describe(
        "Minutes below 5 % CPU until the box stops itself. After a training that ended well it stops at once.",
      ),
  }),
  [
    {
      reads: ["instanceType", "ami"],
      find: ({ instanceType: name, ami }): Finding[] => {
        const type = findInstanceType("compute", name);
        if (type === undefined || ami.kind === "id") return [];
        const needsGpu = /gpu|nvidia/.test(ami.amiType);
        const needsNeuron = /neuron/.test(ami.amiType);
        if (needsGpu && type.gpus === undefined) {
          return [
            {
              path: ["instanceType"],
              message: `"${name}" has no NVIDIA GPU, but the image "${ami.amiType}" is built for one`,
              allowed: "a type with an NVIDIA GPU such as g4dn.xlarge, or an image for CPUs",
            },
          ];
        }
        return needsNeuron && !type.neuron
          ? [
              {
                path: ["instanceType"],
                message: `"${name}" has no Neuron device, but the image "${ami.amiType}" is built for one`,
                allowed: "an inf2 or trn1 type",
              },
            ]
          : [];
      },
    },
  ],
).describe("An optional EC2 box from the Deep Learning AMI that runs the same training package as the jobs.");
