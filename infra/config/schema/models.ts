import { z } from "zod";
import { entryName, sha256 } from "./fields";

const provenance = z.strictObject({
  source: z.string().max(300).describe("Job, box or file that the artifact came from."),
  promotedAt: z.iso.datetime().describe("When it was promoted."),
  promotedBy: z.string().max(300).describe("Who promoted it."),
  validationAccuracy: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("Share of validation images classified right."),
});

const promotion = z.strictObject({
  minAccuracy: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      "Share of validation images, 0 to 1, that an artifact must classify right to be promoted. Default: any artifact may be.",
    ),
});

const registry = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("none") }),
  z.strictObject({
    kind: z.literal("group"),
    approval: z
      .enum(["required", "automatic"])
      .default("required")
      .describe(
        "`required`: somebody else must approve an artifact before it is promoted. `automatic`: it is registered as approved.",
      ),
  }),
]);

export const models = z
  .record(
    entryName,
    z.strictObject({
      classes: z.int().min(2).max(10_000).describe("Classes the model tells apart: the length of an answer."),
      labels: z
        .string()
        .max(200)
        .regex(/^(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.json$/, {
          error: "must be a JSON file below the project, such as labels/breeds.json",
        })
        .optional()
        .describe(
          "JSON list of the classes' names, in the order of an answer: what callers get who ask for names and probabilities. Default: class numbers.",
        ),
      digest: sha256
        .optional()
        .describe(
          "SHA-256 of the promoted artifact, models/<digest>/model.tar.gz. Endpoints are due once it is set.",
        ),
      provenance: provenance.optional().describe("Where the promoted artifact came from."),
      promotion: promotion.prefault({}).describe("What an artifact must reach to be promoted."),
      registry: registry
        .prefault({ kind: "none" })
        .describe(
          "SageMaker's model registry. `group`: a model package group, in which every promoted artifact is a version with a model card. It stays while it has versions: AWS deletes an empty group only.",
        ),
    }),
  )
  .describe("Models by name, each at one promoted artifact.");
