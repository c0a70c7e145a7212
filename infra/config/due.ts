import { createHash } from "node:crypto";
import type { StackConfig } from "./schema/stack";

/** A part of the stack that waits for data or for a promoted model, and is left out until then. */
export interface Pending {
  readonly kind: "job" | "tuning" | "endpoint";
  /** Key under `jobs`, `tuning` or `endpoints`. */
  readonly name: string;
  readonly reason: string;
  /** The command that makes it due. */
  readonly next: string;
}

/** Everything that is declared and not yet due, tuning before jobs before endpoints. */
export function pending({ storage, jobs, tuning, models, endpoints }: StackConfig): readonly Pending[] {
  const waitsForData = (kind: "job" | "tuning", names: readonly string[]): Pending[] =>
    storage.data.manifestDigest !== undefined
      ? []
      : names.map((name) => ({
          kind,
          name,
          reason: "no data set is uploaded: storage.data.manifestDigest is not set",
          next: "npx sagemaker-ops data upload <folder> --stack <stack>",
        }));

  const waitsForModel = Object.entries(endpoints).flatMap(([name, { model, serving }]): Pending[] => {
    const shadow = serving.kind === "instances" ? serving.shadow?.model : undefined;
    const needed = shadow === undefined ? [model] : [model, shadow];
    const missing = needed.find(
      (wanted) => !Object.hasOwn(models, wanted) || models[wanted]?.digest === undefined,
    );
    return missing === undefined
      ? []
      : [
          {
            kind: "endpoint",
            name,
            reason: `no artifact is promoted: models.${missing}.digest is not set`,
            next: `npx sagemaker-ops promote ${missing} --from <job or model.tar.gz> --stack <stack>`,
          },
        ];
  });

  return [
    ...waitsForData("tuning", Object.keys(tuning)),
    ...waitsForData("job", Object.keys(jobs)),
    ...waitsForModel,
  ];
}

/** Digest that stands for one that does not exist yet: SHA-256 of `stand-in:<name>`, 64 hexadecimal digits. */
export function standInDigest(name: string): string {
  return createHash("sha256").update(`stand-in:${name}`).digest("hex");
}

/** Name under which the stand-in of the data set's manifest is made; no model can have it. */
export const manifestStandIn = "data/manifest";

/**
 * A copy of the sections with a stand-in wherever a digest is missing, so that a plan shows the whole environment.
 * Sections that are malformed stay as they are; parsing reports them.
 */
export function withStandIns(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  if (!isSection(raw)) return raw;
  const storage = Object.hasOwn(raw, "storage") ? raw.storage : {};
  const models = Object.hasOwn(raw, "models") ? raw.models : {};
  return {
    ...raw,
    ...(isSection(storage) ? { storage: withManifest(storage) } : {}),
    ...(isSection(models) && Object.keys(models).length > 0 ? { models: withDigests(models) } : {}),
  };
}

function withManifest(storage: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const data = Object.hasOwn(storage, "data") ? storage.data : {};
  return isSection(data)
    ? { ...storage, data: withDefault(data, "manifestDigest", standInDigest(manifestStandIn)) }
    : { ...storage };
}

function withDigests(models: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(models).map(([name, model]) => [
      name,
      isSection(model) ? withDefault(model, "digest", standInDigest(name)) : model,
    ]),
  );
}

function withDefault(
  section: Readonly<Record<string, unknown>>,
  key: string,
  value: string,
): Record<string, unknown> {
  return Object.hasOwn(section, key) ? { ...section } : { ...section, [key]: value };
}

function isSection(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
