import type * as pulumi from "@pulumi/pulumi";
import type { StackContext } from "../components/context";
import { DevelopmentSchedule } from "../components/development-schedule";
import { Notebook } from "../components/notebook";
import { TrainingBox } from "../components/training-box";
import type { TrainingCode } from "../components/training-code";
import type { StackConfig } from "../config/schema/stack";
import type { Foundation } from "./foundation";

/** Machines that people work on. */
export interface Development {
  readonly notebook: Notebook | undefined;
  readonly trainingBox: TrainingBox | undefined;
}

export function buildDevelopment(
  config: StackConfig,
  context: StackContext,
  { dataStore, network }: Foundation,
  code: TrainingCode,
  opts: pulumi.ComponentResourceOptions,
): Development {
  const { storage } = config;
  const notebook =
    config.notebook === undefined
      ? undefined
      : new Notebook("notebook", { context, notebook: config.notebook, storage, dataStore, network }, opts);
  const trainingBox =
    config.trainingBox === undefined
      ? undefined
      : new TrainingBox(
          "training-box",
          { context, box: config.trainingBox, storage, dataStore, network, code },
          opts,
        );
  const { stopDevelopment } = config.schedules;
  if (stopDevelopment !== undefined) {
    new DevelopmentSchedule("stop-development", { context, stopDevelopment, notebook, trainingBox }, opts);
  }
  return { notebook, trainingBox };
}
