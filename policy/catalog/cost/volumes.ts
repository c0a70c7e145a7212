import { asList } from "../../values";
import { mlVolumeRate } from "../prices";
import { estimateVolume, instanceVolumes } from "./compute";
import { allVariants } from "./endpoints";
import { config, instanceGroups, listed } from "./jobs";
import { type Item, type Ledger, roundUsd } from "./ledger";

type Kind = "endpoint" | "notebook" | "training";

/** Adds what the volumes of one resource cost per month while they exist; only what has a size, or a size by default. */
export function estimateVolumes(item: Item, ledger: Ledger): void {
  BY_TYPE[item.type]?.(item, ledger);
}

const BY_TYPE: Readonly<Record<string, (item: Item, ledger: Ledger) => void>> = {
  "aws:sagemaker/notebookInstance:NotebookInstance": (item, ledger) =>
    // AWS gives a notebook 5 GB when no size is said (API_CreateNotebookInstance).
    mlVolumes(item, ledger, "notebook", { name: "the notebook", sizeGb: item.properties.volumeSize ?? 5 }),
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": (item, ledger) => {
    allVariants(ledger, item, item).forEach((variant, index) => {
      const { variantName, volumeSizeInGb: sizeGb, initialInstanceCount: count } = variant;
      const name = `variant ${typeof variantName === "string" ? variantName : `variant-${index + 1}`}`;
      mlVolumes(item, ledger, "endpoint", { name, sizeGb, count });
    });
  },
  "aws:sagemaker/trainingJob:TrainingJob": (item, ledger) =>
    jobVolumes(item, ledger, item.properties.resourceConfig, "the job", 1),
  "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob": tuningVolumes,
  "aws:ec2/instance:Instance": boxVolumes,
  "aws:ec2/spotInstanceRequest:SpotInstanceRequest": boxVolumes,
  "aws:ebs/volume:Volume": estimateVolume,
};

function tuningVolumes(item: Item, ledger: Ledger): void {
  const { config: search, trainingJobDefinition, trainingJobDefinitions } = item.properties;
  const limits = config(
    ledger,
    item,
    config(ledger, item, search ?? {}, "the search")?.resourceLimits ?? {},
    "limits",
  );
  const parallel = ledger.amount(item, limits?.maxParallelTrainingJobs, "the number of parallel jobs", {
    missing: 1,
    atLeast: 1,
  });
  [...asList(trainingJobDefinition), ...asList(trainingJobDefinitions)].forEach((value, index) => {
    const definition = config(ledger, item, value, "a training job definition");
    const resources = definition?.hyperParameterTuningResourceConfig ?? definition?.resourceConfig;
    jobVolumes(item, ledger, resources, `definition ${index + 1}`, parallel);
  });
}

function jobVolumes(item: Item, ledger: Ledger, value: unknown, name: string, parallel: number): void {
  const resources = config(ledger, item, value ?? {}, `${name}: the resource configuration`);
  if (resources === undefined) return;
  for (const group of [...instanceGroups(resources), ...listed(resources, "instanceConfigs")]) {
    const { volumeSizeInGb: sizeGb, instanceCount: count } = group;
    mlVolumes(item, ledger, "training", { name, sizeGb, count, parallel });
  }
}

function boxVolumes(item: Item, ledger: Ledger): void {
  const { rootBlockDevice } = item.properties;
  const isFromImage = rootBlockDevice === undefined || rootBlockDevice === null;
  // The image gives the root volume its size; that is the image's choice, and told by the rule about the instance.
  const sized = isFromImage
    ? { ...item, properties: { ...item.properties, rootBlockDevice: { volumeSize: 0 } } }
    : item;
  const monthly = instanceVolumes(sized, ledger);
  if (monthly > 0) addVolume(item, ledger, "the instance", monthly, "root and other volumes");
}

interface Volumes {
  readonly name: string;
  readonly sizeGb: unknown;
  readonly count?: unknown;
  readonly parallel?: number;
}

function mlVolumes(item: Item, ledger: Ledger, kind: Kind, volumes: Volumes): void {
  const { name, parallel = 1 } = volumes;
  const sizeGb = ledger.amount(item, volumes.sizeGb, `${name}: the volume size`, { missing: 0, atLeast: 0 });
  const instances = ledger.amount(item, volumes.count, `${name}: the instance count`, {
    missing: 1,
    atLeast: 1,
  });
  if (sizeGb === 0 || instances * parallel === 0) return;
  const usd = ledger.rate(item, mlVolumeRate(item.region, kind), `${name}: the volume`);
  if (usd === undefined) return;

  const count = instances * parallel;
  addVolume(item, ledger, name, count * sizeGb * usd, `${count} × ${sizeGb} GB × ${usd} USD a GB-month`);
}

function addVolume(item: Item, ledger: Ledger, component: string, monthly: number, basis: string): void {
  const usd = roundUsd(monthly);
  ledger.add(item, { component, hourly: 0, idleMonthly: usd, monthly: usd, worstMonthly: usd, basis });
}
