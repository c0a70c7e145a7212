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
    }),
  )
  .describe("Models by name, each at one promoted artifact.");
