import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import { simulate } from "../../../plan/simulate-outputs";
import { hexDigest, type SimulatedAccount } from "../../../plan/simulated-account";
import { simulatedTypes } from "../../../plan/simulated-types";
import { archiveSignature, assetSignature, signatureOf, unknownSentinel } from "../../../plan/wire";

/** Where the provider notes which inputs it filled itself, as the real one does. */
const filled = "__defaults";

export interface ProviderSettings {
  readonly account: SimulatedAccount;
  readonly defaultTags: JsonObject;
}

export function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/** Inputs as a person wrote them. */
export function withoutNotes({ [filled]: _, ...inputs }: JsonObject): JsonObject {
  return inputs;
}

/**
 * What Check returns: the inputs with the automatic name, and documents as text.
 *
 * @param made how many were made for this URN: each has a name of its own, as digits of chance would give it.
 * @param olds inputs of the one that is there, whose name stays; none when it is made or made anew.
 */
export function checkedInputs(
  urn: string,
  news: JsonObject,
  olds: JsonObject | undefined,
  made: number,
  { account }: ProviderSettings,
): JsonObject {
  const type = typeOf(urn);
  const named = simulatedTypes[type]?.autoName?.property;
  const { defaults } = simulate({ urn: seed(urn, made), type, name: nameOf(urn), inputs: news, account });
  const before = olds?.[filled];
  const kept =
    named !== undefined && Array.isArray(before) && before.includes(named) ? olds?.[named] : undefined;
  const name =
    named === undefined || !(named in defaults) ? {} : { [named]: kept ?? defaults[named] ?? null };
  return { ...news, ...defaults, ...name, [filled]: Object.keys(name) };
}

/** Whether this type's name is the provider's, so that a successor can stand beside it. */
export function isAutoNamed(urn: string, checked: JsonObject): boolean {
  const named = simulatedTypes[typeOf(urn)]?.autoName?.property;
  const notes = checked[filled];
  return named === undefined || (Array.isArray(notes) && notes.includes(named));
}

/** Id and properties of a new resource. */
export function newResource(
  urn: string,
  checked: JsonObject,
  made: number,
  { account, defaultTags }: ProviderSettings,
): { readonly id: string; readonly properties: JsonObject } {
  const type = typeOf(urn);
  const inputs = withoutNotes(checked);
  const { id, computed } = simulate({ urn: seed(urn, made), type, name: nameOf(urn), inputs, account });
  return { id, properties: { ...computed, ...inputs, ...allTags(type, inputs, defaultTags) } };
}

/** Properties after an update: what the program names no longer goes, what the provider computed stays. */
export function updatedProperties(
  urn: string,
  olds: JsonObject,
  oldInputs: JsonObject,
  checked: JsonObject,
  { defaultTags }: ProviderSettings,
): JsonObject {
  const inputs = withoutNotes(checked);
  const gone = Object.keys(withoutNotes(oldInputs)).filter((key) => !(key in inputs));
  const kept = Object.fromEntries(Object.entries(olds).filter(([key]) => !gone.includes(key)));
  return { ...kept, ...inputs, ...allTags(typeOf(urn), inputs, defaultTags) };
}

/** In a preview nobody knows what the provider computes; what the program gave is known. */
export function previewed(checked: JsonObject, properties: JsonObject): JsonObject {
  const inputs = withoutNotes(checked);
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      key in inputs || key === "region" || key === "tagsAll" ? value : unknownSentinel,
    ]),
  );
}

/** Properties that an update of this type changes beside its inputs. */
export function previewedUpdate(urn: string, olds: JsonObject, properties: JsonObject): JsonObject {
  const publishes = typeOf(urn) === "aws:lambda/function:Function" && properties.publish === true;
  const counts = typeOf(urn) === "aws:ssm/parameter:Parameter";
  const changed = [
    ...(publishes ? ["version", "qualifiedArn", "qualifiedInvokeArn"] : []),
    ...(counts ? ["version"] : []),
  ];
  return {
    ...properties,
    ...Object.fromEntries(changed.filter((key) => key in olds).map((key) => [key, unknownSentinel])),
  };
}

/** The inputs as a description of the resource gives them now: a refresh compares them with the program's. */
export function inputsRead(inputs: JsonObject, described: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(inputs)
      .filter(([key]) => key === filled || key in described)
      .map(([key, value]) => [key, key === filled ? value : (described[key] as JsonValue)]),
  );
}

export function containsUnknown(value: JsonValue | undefined): boolean {
  if (typeof value === "string") return value.includes(unknownSentinel);
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isJsonObject(value) && Object.values(value).some(containsUnknown);
}

/** Files by their digest alone: the account need not keep a function's code. */
export function withoutFiles(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutFiles);
  if (!isJsonObject(value)) return value;
  const signature = signatureOf(value);
  if (signature === assetSignature || signature === archiveSignature)
    return typeof value.hash === "string" ? value.hash : hexDigest(JSON.stringify(value), 64);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutFiles(item)]));
}

function seed(urn: string, made: number): string {
  return made === 0 ? urn : `${urn}#${made}`;
}

/** Parts of a role, and settings of a bucket, take no tags. */
function allTags(type: string, inputs: JsonObject, defaultTags: JsonObject): JsonObject {
  if (/Policy$|Attachment$|s3\/bucket(?!:|Object)/.test(type)) return {};
  return { tagsAll: { ...defaultTags, ...(isJsonObject(inputs.tags) ? inputs.tags : {}) } };
}
