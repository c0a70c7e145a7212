import { dirname, resolve } from "node:path";
import type { DeclaredStack } from "../aws/stack-config";
import { CommandError } from "../exit-status";
import type { Reply } from "../invoke/reply";
import { readJsonObject } from "../read-file";

/** An image with the answer that a release must give to it. */
export interface GoldenImage {
  /** Absolute path. */
  readonly image: string;
  /** Key under `endpoints`. @default - every endpoint */
  readonly endpoint: string | undefined;
  /** Index of the class that must be the likeliest. */
  readonly index: number;
  /** Its probability, 0 to 1. @default - any */
  readonly probability: number | undefined;
  /** How far the probability may be off, either way. */
  readonly tolerance: number;
}

const defaultTolerance = 0.02;

/**
 * Reads `{ "images": [{ "image": "dog.jpg", "index": 41, "probability": 0.97, "tolerance": 0.02, "endpoint": "single" }] }`; paths
 * are relative to the file.
 *
 * @throws CommandError that names the entry and what is wrong with it.
 */
export function readGoldenImages(file: string): readonly GoldenImage[] {
  const { images } = readJsonObject<{ images?: unknown }>("--golden", file);
  if (!Array.isArray(images) || images.length === 0)
    throw new CommandError(
      `--golden ${file} has no list "images". Write { "images": [{ "image": "dog.jpg", "index": 41 }] }.`,
    );
  return images.map((entry: unknown, number) => {
    const fields = typeof entry === "object" && entry !== null ? (entry as Record<string, unknown>) : {};
    const wrong = (key: string, allowed: string): never => {
      throw new CommandError(
        `--golden ${file}: images[${number}].${key} is ${JSON.stringify(fields[key]) ?? "missing"}; it must be ${allowed}.`,
      );
    };
    const share = (key: string, fallback: number | undefined) => {
      const value = fields[key] ?? fallback;
      return value === undefined || (typeof value === "number" && value >= 0 && value <= 1)
        ? value
        : wrong(key, "a number from 0 to 1");
    };
    const { image, index, endpoint } = fields;
    return {
      image:
        typeof image === "string" && image !== "" ? resolve(dirname(file), image) : wrong("image", "a path"),
      index:
        Number.isInteger(index) && Number(index) >= 0
          ? Number(index)
          : wrong("index", "a whole number from 0"),
      endpoint:
        endpoint === undefined || typeof endpoint === "string"
          ? endpoint
          : wrong("endpoint", "the name of an endpoint"),
      probability: share("probability", undefined),
      tolerance: share("tolerance", defaultTolerance) ?? defaultTolerance,
    };
  });
}

/** What is wrong with an answer to a golden image; nothing where it is right. */
export function goldenFault(
  { index, probability, tolerance }: GoldenImage,
  reply: Reply,
): string | undefined {
  if (reply.kind === "failed") return reply.failure.cause;
  const [first] = reply.labels;
  if (first === undefined) return "there was no answer";
  if (first.index !== index)
    return `class ${first.index} with ${first.probability.toFixed(3)}, where class ${index} is right`;
  if (probability !== undefined && Math.abs(first.probability - probability) > tolerance)
    return `class ${index} with ${first.probability.toFixed(3)}, where ${probability.toFixed(3)} ± ${tolerance} is right`;
  return undefined;
}

/** @throws CommandError where an image is for an endpoint that the stack's file does not have: nobody would miss its answer. */
export function requireKnownEndpoints(
  images: readonly GoldenImage[],
  { stack, config: { endpoints } }: DeclaredStack,
): void {
  const wrong = images.findIndex(
    ({ endpoint }) => endpoint !== undefined && !Object.hasOwn(endpoints, endpoint),
  );
  if (wrong >= 0)
    throw new CommandError(
      `--golden: images[${wrong}].endpoint is ${JSON.stringify(images[wrong]?.endpoint)}; Pulumi.${stack}.yaml declares: ${Object.keys(endpoints).join(", ") || "none"}. Correct it, or leave it out for every endpoint.`,
    );
}
