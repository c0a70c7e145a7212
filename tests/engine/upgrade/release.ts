import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../plan/json-value";
import { type Cloud, emptyCloud, keyOf } from "../aws/cloud";
import { typeOf, withoutFiles } from "../provider/resources";
import type { StackResource } from "../support/state";

/** A released version's stack: what `pulumi stack export` gave, the stack's file, and what the account knew beside it. */
export interface Release {
  readonly version: string;
  readonly folder: string;
}

/** What of an account is not in the state. */
type AccountRest = Pick<Cloud, "clockSeconds" | "made"> & {
  readonly live: Readonly<Record<string, JsonObject>>;
};

interface ExportedState {
  readonly version: number;
  readonly deployment: { readonly manifest: JsonObject; readonly resources: readonly StackResource[] };
}

const releases = join(__dirname, "expected");

/** Releases in order; each stays for ever. */
export function allReleases(): Release[] {
  return readdirSync(releases)
    .map((version) => ({ version, folder: join(releases, version) }))
    .sort((a, b) => a.version.localeCompare(b.version, "en", { numeric: true }));
}

/**
 * Keeps the stack of a version, without what says where and when it was made, and without the contents of files, of which the digest
 * remains.
 *
 * @throws Error where the version is kept already, or the account would not come out of what is kept.
 */
export function keepRelease(version: string, exported: string, stackFile: string, account: Cloud): Release {
  const folder = join(releases, version);
  if (existsSync(folder)) throw new Error(`${version} is kept already, in ${folder}.`);
  const { version: format, deployment } = JSON.parse(exported) as ExportedState;
  const resources = deployment.resources.map((resource) => reduced(resource as unknown as JsonObject));
  const live = Object.fromEntries(Object.entries(account.objects).map(([key, object]) => [key, object.live]));
  const { clockSeconds, made } = account;
  mkdirSync(folder, { recursive: true });
  const manifest = { ...deployment.manifest, time: "2000-01-01T00:00:00Z" };
  const lines = resources.map((resource) => JSON.stringify(resource)).join(",\n");
  writeFileSync(
    join(folder, "state.json"),
    `{"version":${format},"deployment":{"manifest":${JSON.stringify(manifest)},"resources":[\n${lines}\n]}}\n`,
  );
  writeFileSync(
    join(folder, "account.json"),
    `${JSON.stringify({ clockSeconds, made, live }, undefined, 1)}\n`,
  );
  writeFileSync(join(folder, "Pulumi.prod.yaml"), stackFile);
  const release = { version, folder };
  const lost = Object.keys(account.objects).filter((key) => accountOf(release).objects[key] === undefined);
  if (lost.length > 0) throw new Error(`Not in the state: ${lost.join(", ")}.`);
  return release;
}

/** The account that belongs to a release's state. */
export function accountOf({ folder }: Release): Cloud {
  const { deployment } = JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as ExportedState;
  const { live, ...rest } = JSON.parse(readFileSync(join(folder, "account.json"), "utf8")) as AccountRest;
  const objects = deployment.resources
    .filter(({ custom, type }) => custom === true && type.startsWith("aws:"))
    .map(({ urn, id = "", outputs = {} }) => {
      const type = typeOf(urn);
      const key = keyOf(type, id);
      const properties = withoutFiles(outputs) as JsonObject;
      return [key, { type, id, urn, properties, live: live[key] ?? {} }] as const;
    });
  return { ...emptyCloud(), ...rest, objects: Object.fromEntries(objects) };
}

const whereAndWhen = ["created", "modified", "sourcePosition", "stackTrace"];

function reduced(resource: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(resource)
      .filter(([key]) => !whereAndWhen.includes(key))
      .map(([key, value]) => [key, withoutContents(value)]),
  );
}

function withoutContents(value: JsonValue, key = ""): JsonValue {
  if (key === "contentBase64" && typeof value === "string") return "";
  if (Array.isArray(value)) return value.map((item) => withoutContents(item));
  if (!isJsonObject(value)) return value;
  // An asset or archive: its digest is all that the engine compares.
  const isFile = typeof value.hash === "string" && ("text" in value || "assets" in value);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !(isFile && (name === "text" || name === "assets")))
      .map(([name, item]) => [name, withoutContents(item, name)]),
  );
}
