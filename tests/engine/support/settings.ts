import type { StackSettings } from "./stack-settings";

/** A digest of one repeated hexadecimal digit: readable in a message, and valid. */
export function digestOf(digit: string): string {
  return digit.repeat(64);
}

/** Promotes a model and names a data manifest, so that everything configured is due. */
export function everythingDue(settings: StackSettings): void {
  promote(settings, "b");
  const storage = settings.storage as { data?: StackSettings };
  settings.storage = { ...storage, data: { ...storage.data, manifestDigest: digestOf("a") } };
}

/** Writes what `promote` writes. */
export function promote(settings: StackSettings, digit: string): void {
  const models = settings.models as Record<string, StackSettings>;
  settings.models = { ...models, breeds: { ...models.breeds, digest: digestOf(digit) } };
}

/** One promoted model behind one endpoint, and nothing of development or training: fewer resources, the same rules. */
export function servingAlone(settings: StackSettings): void {
  for (const section of ["notebook", "trainingBox", "tuning", "jobs", "schedules"]) delete settings[section];
  const { single } = settings.endpoints as StackSettings;
  settings.endpoints = { single };
  promote(settings, "b");
}

/** One endpoint and one training job. */
export function servingAndJob(settings: StackSettings): void {
  const { single } = settings.jobs as StackSettings;
  everythingDue(settings);
  servingAlone(settings);
  settings.jobs = { single };
}

/** One training job, and nothing that serves. */
export function jobAlone(settings: StackSettings): void {
  servingAndJob(settings);
  delete settings.endpoints;
}
