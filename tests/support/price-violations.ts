import { pending } from "../../infra/config/due";
import type { StackConfig } from "../../infra/config/schema/stack";
import type { RecordedProgram } from "../../plan/run-program";
import type { Use } from "../../policy/catalog/instance-types";
import { priceOf } from "../../policy/catalog/prices";

interface Wanted {
  /** Type token of the resource that names the instance type. */
  readonly type: string;
  /** Name of the component that the resource belongs to. */
  readonly component: string;
  readonly use: Use;
  readonly instanceTypes: readonly string[];
}

/**
 * Resources that the rule about hourly ceilings must refuse, told from the configuration and the price table alone:
 * neither the program nor the rule is asked. As `<type> of <component>`, sorted.
 */
export function overpriced(config: StackConfig): string[] {
  const { ceilings, region } = config;
  return wanted(config)
    .filter(({ use, instanceTypes }) =>
      instanceTypes.some((instanceType) => {
        const price = priceOf({ region, use, instanceType });
        const counts =
          price.kind === "priced" || (price.kind === "estimated" && ceilings.unpriced === "estimate");
        return !(counts && price.hourlyUsd <= ceilings.hourlyUsd[use]);
      }),
    )
    .map(({ type, component }) => `${type} of ${component}`)
    .sort();
}

/** The same form for resources of a program. */
export function labelOf({ resources }: Pick<RecordedProgram, "resources">, urn: string): string {
  const resource = resources.find((candidate) => candidate.urn === urn);
  return `${resource?.type} of ${resource?.parent?.split("::").at(-1)}`;
}

function wanted(config: StackConfig): Wanted[] {
  const waiting = new Set(pending(config).map(({ kind, name }) => `${kind} ${name}`));
  const due = <T>(kind: "job" | "tuning" | "endpoint", section: Readonly<Record<string, T>>) =>
    Object.entries(section).filter(([name]) => !waiting.has(`${kind} ${name}`));

  return [
    ...due("job", config.jobs).map(([component, { instanceType }]) => ({
      type: "aws:sagemaker/trainingJob:TrainingJob",
      component,
      use: "training" as const,
      instanceTypes: [instanceType],
    })),
    ...due("tuning", config.tuning).map(([component, { instanceType }]) => ({
      type: "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
      component,
      use: "tuning" as const,
      instanceTypes: [instanceType],
    })),
    ...due("endpoint", config.endpoints).map(([component, { serving }]) => ({
      type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
      component,
      use: "hosting" as const,
      instanceTypes: [
        ...(serving.kind === "serverless" ? [] : [serving.instanceType]),
        ...(serving.kind === "instances" && serving.shadow !== undefined
          ? [serving.shadow.instanceType]
          : []),
      ],
    })),
    ...(config.notebook === undefined
      ? []
      : [
          {
            type: "aws:sagemaker/notebookInstance:NotebookInstance",
            component: "notebook",
            use: "notebook" as const,
            instanceTypes: [config.notebook.instanceType],
          },
        ]),
    ...(config.trainingBox === undefined
      ? []
      : [
          {
            type: "aws:ec2/instance:Instance",
            component: "training-box",
            use: "compute" as const,
            instanceTypes: [config.trainingBox.instanceType],
          },
        ]),
  ];
}
