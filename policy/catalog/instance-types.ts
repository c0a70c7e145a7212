import families from "./instance-families.json";
import { nearest } from "./nearest";

/**
 * What an instance type is asked for. `compute` is plain EC2, without the `ml.` prefix; `tuning` runs training jobs and
 * so knows the same types as `training`.
 */
export type Use = "hosting" | "training" | "tuning" | "notebook" | "compute";

export const USES: readonly Use[] = ["hosting", "training", "tuning", "notebook", "compute"];

export interface InstanceType {
  /** As AWS writes it for the use: `ml.m5.large`, or `m5.large` for `compute`. */
  readonly name: string;
  readonly family: string;
  readonly size: string;
  readonly vCpus: number;
  readonly memoryGiB: number;
  readonly architecture: "x86_64" | "arm64";
  /** Absent on types without a GPU. */
  readonly gpus?: { readonly count: number; readonly kind: string };
  /** T family: endpoints on it cannot scale automatically. */
  readonly burstable: boolean;
  /**
   * Has an instance store. SageMaker refuses a volume KMS key for these families
   * (https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html, VolumeKmsKeyId).
   */
  readonly localNvme: boolean;
  /** AWS Inferentia or Trainium: the model must be compiled with the Neuron SDK. */
  readonly neuron: boolean;
}

type SoldFor = "hosting" | "training" | "notebook" | "compute";

interface Family {
  readonly architecture: string;
  readonly memoryGiBPerVcpu: number;
  readonly burstable?: boolean;
  readonly localNvme?: boolean;
  readonly neuron?: boolean;
  readonly gpuKind?: string;
  readonly gpus?: Readonly<Record<string, number>>;
  readonly exceptions?: Readonly<Record<string, readonly number[]>>;
  readonly hosting?: string;
  readonly training?: string;
  readonly notebook?: string;
  readonly compute: string;
}

const WORDS: Readonly<Record<Use, string>> = {
  hosting: "hosting (endpoints)",
  training: "training jobs",
  tuning: "tuning jobs",
  notebook: "notebook instances",
  compute: "EC2 instances",
};

const byUse: Readonly<Record<SoldFor, ReadonlyMap<string, InstanceType>>> = {
  hosting: tableFor("hosting"),
  training: tableFor("training"),
  notebook: tableFor("notebook"),
  compute: tableFor("compute"),
};

/** Every type of the catalogue that AWS sells for the use, grouped by family, small sizes first. */
export function instanceTypesFor(use: Use): readonly InstanceType[] {
  return [...byUse[soldAs(use)].values()];
}

/** The type if AWS sells it for the use and the catalogue knows it; otherwise `whyNot` has the reason. */
export function findInstanceType(use: Use, name: string): InstanceType | undefined {
  return byUse[soldAs(use)].get(name);
}

/**
 * Why a name cannot be used, as one sentence for people; `undefined` if it can.
 * The catalogue is a selection: a type that AWS began to sell later is "unknown" here, and says so.
 */
export function whyNot(use: Use, name: string): string | undefined {
  if (findInstanceType(use, name) !== undefined) return undefined;

  if (use === "compute" && findAnywhere(name.replace(/^ml\./, "")) !== undefined && name.startsWith("ml.")) {
    return `"${name}" is a SageMaker name; EC2 knows it as "${name.slice(3)}"`;
  }
  if (use !== "compute" && findInstanceType(use, `ml.${name}`) !== undefined) {
    return `"${name}" lacks the "ml." prefix; SageMaker knows it as "ml.${name}"`;
  }

  const others = USES.filter((other) => other !== "compute" && findInstanceType(other, name) !== undefined);
  if (use !== "compute" && others.length > 0) {
    const sold = others.map((other) => WORDS[other]).join(", ");
    return `"${name}" is not sold for ${WORDS[use]}, only for ${sold}${alternative(use, name)}`;
  }
  if (use !== "compute" && findInstanceType("compute", name.replace(/^ml\./, "")) !== undefined) {
    return `"${name}" is not a SageMaker type: EC2 sells it, SageMaker does not${alternative(use, name)}`;
  }
  return `"${printable(name)}" is not an instance type this catalogue knows for ${WORDS[use]}${alternative(use, name)}`;
}

function alternative(use: Use, name: string): string {
  const known = [...byUse[soldAs(use)].keys()];
  const closest = nearest(name, known, 2);
  const sameFamily = known.filter((candidate) => familyOf(candidate) === familyOf(name)).slice(0, 3);

  if (closest !== undefined) return `; did you mean "${closest}"?`;
  if (sameFamily.length > 0) return `; of its family there are ${sameFamily.join(", ")}`;
  return "";
}

function findAnywhere(bareName: string): InstanceType | undefined {
  return USES.map((use) => findInstanceType(use, use === "compute" ? bareName : `ml.${bareName}`)).find(
    (found) => found !== undefined,
  );
}

function familyOf(name: string): string | undefined {
  return name.replace(/^ml\./, "").split(".")[0];
}

// A name comes from somebody's configuration and may be anything, also a mistaken secret: only a short, plain one is echoed.
function printable(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : "(a value that is no instance type name)";
}

function soldAs(use: Use): SoldFor {
  return use === "tuning" ? "training" : use;
}

function tableFor(use: SoldFor): ReadonlyMap<string, InstanceType> {
  const table = new Map<string, InstanceType>();

  for (const [family, row] of Object.entries<Family>(families.families)) {
    for (const size of (row[use] ?? "").split(" ").filter((word) => word !== "")) {
      const name = use === "compute" ? `${family}.${size}` : `ml.${family}.${size}`;
      table.set(name, describe(name, family, size, row));
    }
  }
  return table;
}

function describe(name: string, family: string, size: string, row: Family): InstanceType {
  const [vCpus, memoryGiB] = row.exceptions?.[size] ?? regular(size, row.memoryGiBPerVcpu);
  const gpuCount = row.gpus?.[size];
  if (vCpus === undefined || memoryGiB === undefined) {
    throw new Error(`instance-families.json: ${family}.${size} has no vCPU count or memory`);
  }

  return {
    name,
    family,
    size,
    vCpus,
    memoryGiB,
    architecture: row.architecture === "arm64" ? "arm64" : "x86_64",
    ...(gpuCount === undefined ? {} : { gpus: { count: gpuCount, kind: row.gpuKind ?? "GPU" } }),
    burstable: row.burstable ?? false,
    localNvme: row.localNvme ?? false,
    neuron: row.neuron ?? false,
  };
}

function regular(size: string, memoryGiBPerVcpu: number): readonly number[] {
  const xlarges = /^(\d*)xlarge$/.exec(size)?.[1];
  const small = { medium: 1, large: 2 }[size];
  const vCpus = small ?? (xlarges === undefined ? undefined : 4 * Number(xlarges === "" ? "1" : xlarges));

  return vCpus === undefined ? [] : [vCpus, vCpus * memoryGiBPerVcpu];
}
