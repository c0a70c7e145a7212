import { USES, type Use } from "../catalog/instance-types";
import { nearest } from "../catalog/nearest";
import { asObject, plain } from "../values";

/**
 * What to do with a type that the price table does not list.
 * `deny`: refuse it, though it could be estimated. `estimate`: judge it by EC2's price times the family ratio, and refuse it
 * where that is missing too. `allow`: let it pass with an advisory message.
 */
export type UnpricedMode = "deny" | "estimate" | "allow";

const MODES: readonly UnpricedMode[] = ["deny", "estimate", "allow"];

export interface CeilingConfig {
  /** USD per instance and hour, on demand. A type at the ceiling passes. */
  readonly hourlyUsd: Readonly<Record<Use, number>>;
  readonly unpriced: UnpricedMode;
  /** Where a resource lives that says no region, and whose provider says none. */
  readonly region: string;
}

/** As a team writes it: only what differs from the defaults. */
export interface CeilingOptions {
  readonly hourlyUsd?: Partial<Record<Use, number>>;
  readonly unpriced?: UnpricedMode;
  readonly region?: string;
}

/** One small GPU for an endpoint or job; a notebook to write in, not to train in. */
export const CEILING_DEFAULTS: CeilingConfig = {
  hourlyUsd: { hosting: 1.5, training: 1.5, tuning: 1.5, notebook: 0.25, compute: 1.1 },
  unpriced: "deny",
  region: "us-east-1",
};

/**
 * The configuration over the defaults, with everything that is wrong in it as sentences. The engine fills in defaults only at the top
 * level and lets misspelt keys pass (https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/analyzer.go), so both are
 * done here: a mistyped ceiling must not become the default unnoticed.
 */
export function readCeilingConfig(
  value: unknown,
  base: CeilingConfig,
): { config: CeilingConfig; problems: readonly string[] } {
  const raw = asObject(plain(value)) ?? {};
  const problems = unknownKeys(raw, ["hourlyUsd", "unpriced", "region"], "");
  const hourlyUsd = { ...base.hourlyUsd };

  const ceilings = asObject(raw.hourlyUsd);
  if (raw.hourlyUsd !== undefined && ceilings === undefined)
    problems.push("hourlyUsd is no object of a number per use");
  if (ceilings !== undefined) problems.push(...unknownKeys(ceilings, USES, "hourlyUsd."));
  for (const use of USES) {
    const ceiling = ceilings?.[use];
    if (ceiling === undefined) continue;
    if (typeof ceiling === "number" && Number.isFinite(ceiling) && ceiling >= 0) hourlyUsd[use] = ceiling;
    else problems.push(`hourlyUsd.${use} is not a number of zero or more`);
  }

  const unpriced = MODES.find((mode) => mode === raw.unpriced);
  if (raw.unpriced !== undefined && unpriced === undefined)
    problems.push(`unpriced is none of ${MODES.join(", ")}`);
  const region = typeof raw.region === "string" && raw.region !== "" ? raw.region : undefined;
  if (raw.region !== undefined && region === undefined) problems.push("region is no region's name");

  return {
    config: { hourlyUsd, unpriced: unpriced ?? base.unpriced, region: region ?? base.region },
    problems,
  };
}

function unknownKeys(holder: object, known: readonly string[], prefix: string): string[] {
  return Object.keys(holder)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const meant = nearest(key, known, 3);
      return `${prefix}${/^\w{1,40}$/.test(key) ? key : "a key"} is not known${meant === undefined ? `; there are ${known.join(", ")}` : `; did you mean ${prefix}${meant}?`}`;
    });
}
