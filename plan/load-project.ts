import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isMap, isScalar, parseDocument } from "yaml";
import { messageOf, ProjectError } from "./errors";
import { byCodeUnit, isJsonObject, type JsonObject, type JsonValue } from "./json-value";
import { secretPlaceholder } from "./wire";

/** A stack of a project on disk, ready for `runProgram`. */
export interface LoadedProject {
  project: string;
  stack: string;
  /** Absolute; where the program runs. */
  directory: string;
  /** Absolute path of the program's entry file. */
  entry: string;
  /** "namespace:key" → text, as the engine hands it over; encrypted values are "[secret]". */
  config: Record<string, string>;
  secretKeys: string[];
}

export interface ProjectOptions {
  /** Absolute path of a file to read instead of Pulumi.<stack>.yaml, as `pulumi --config-file` does. */
  configFile?: string;
}

/**
 * Reads Pulumi.yaml, Pulumi.<stack>.yaml and package.json of a project.
 *
 * Encrypted values cannot be read without the stack's key, so the program receives a placeholder for them, marked
 * secret.
 *
 * @throws ProjectError when a file is missing or malformed; it names the file, and the line where there is one.
 */
export function loadProject(
  projectDirectory: string,
  stack: string,
  options: ProjectOptions = {},
): LoadedProject {
  const directory = resolve(projectDirectory);
  if (!existsSync(directory) || !statSync(directory).isDirectory()) {
    throw new ProjectError(`The program directory ${directory} does not exist. Check --program.`);
  }
  const projectFile = [join(directory, "Pulumi.yaml"), join(directory, "Pulumi.yml")].find(existsSync);
  if (projectFile === undefined) {
    throw new ProjectError(
      `${directory} is no Pulumi project: it has no Pulumi.yaml. Point --program at the folder that has one.`,
    );
  }
  const manifest = readYaml(projectFile);
  const project = textSetting(manifest, "name", projectFile);
  checkRuntime(manifest, projectFile);
  const settings = stackSettings(stackFile(directory, stack, project, options));
  const { config, secretKeys } = flattenConfig({ ...projectConfig(manifest, project), ...settings }, project);
  const main = manifest.main;
  const programDirectory = typeof main === "string" ? resolve(directory, main) : directory;
  return { project, stack, config, secretKeys, ...entryOf(programDirectory, projectFile) };
}

/** The stacks of a project, by their Pulumi.<stack>.yaml, sorted. */
export function listStacks(directory: string): string[] {
  return readdirSync(directory)
    .map((name) => /^Pulumi\.(.+)\.ya?ml$/.exec(name)?.[1])
    .filter((stack): stack is string => stack !== undefined)
    .sort(byCodeUnit);
}

function checkRuntime(manifest: JsonObject, file: string): void {
  const runtime = manifest.runtime;
  const name = isJsonObject(runtime) ? runtime.name : runtime;
  if (name !== "nodejs") {
    throw new ProjectError(
      `${file}: runtime is ${JSON.stringify(name ?? null)}; the plan runs programs with runtime "nodejs" only.`,
    );
  }
}

function stackFile(directory: string, stack: string, project: string, options: ProjectOptions): string {
  const { configFile } = options;
  if (configFile !== undefined) {
    if (existsSync(configFile)) return configFile;
    throw new ProjectError(`The configuration file ${configFile} does not exist. Check --config-file.`);
  }
  const names = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`];
  const found = names.map((name) => join(directory, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const stacks = listStacks(directory);
  throw new ProjectError(
    `Stack "${stack}" of project "${project}" does not exist: there is no ${names[0]} in ${directory}. ` +
      (stacks.length === 0 ? "The project has no stack file." : `Stacks there: ${stacks.join(", ")}.`),
  );
}

function stackSettings(file: string): JsonObject {
  const settings = readYaml(file).config ?? {};
  if (!isJsonObject(settings)) {
    throw new ProjectError(`${file}: "config" must be a map of settings, got ${kindOf(settings)}.`);
  }
  return settings;
}

/** Defaults and values that Pulumi.yaml itself declares. */
function projectConfig(manifest: JsonObject, project: string): JsonObject {
  const declared = manifest.config;
  if (!isJsonObject(declared)) return {};
  const settings: JsonObject = {};
  for (const [key, declaration] of Object.entries(declared)) {
    const value = isJsonObject(declaration) ? (declaration.value ?? declaration.default) : declaration;
    if (value !== undefined) settings[key.includes(":") ? key : `${project}:${key}`] = value;
  }
  return settings;
}

/**
 * As the engine does: a key without namespace gets the project's; text stays, anything else becomes JSON; what contains
 * an encrypted value is secret as a whole.
 */
function flattenConfig(
  settings: JsonObject,
  project: string,
): { config: Record<string, string>; secretKeys: string[] } {
  const config: Record<string, string> = {};
  const secretKeys: string[] = [];
  for (const [key, value] of Object.entries(settings)) {
    const fullKey = key.includes(":") ? key.replace(/^([^:]+):config:/, "$1:") : `${project}:${key}`;
    const { value: clear, secret } = withoutCiphertext(value);
    config[fullKey] = typeof clear === "string" ? clear : JSON.stringify(clear);
    if (secret) secretKeys.push(fullKey);
  }
  return { config, secretKeys: secretKeys.sort(byCodeUnit) };
}

function withoutCiphertext(value: JsonValue): { value: JsonValue; secret: boolean } {
  if (Array.isArray(value)) {
    const items = value.map(withoutCiphertext);
    return { value: items.map((item) => item.value), secret: items.some((item) => item.secret) };
  }
  if (!isJsonObject(value)) return { value, secret: false };
  if (Object.keys(value).length === 1 && typeof value.secure === "string") {
    return { value: secretPlaceholder, secret: true };
  }
  const entries = Object.entries(value).map(([key, item]) => [key, withoutCiphertext(item)] as const);
  return {
    value: Object.fromEntries(entries.map(([key, item]) => [key, item.value])),
    secret: entries.some(([, item]) => item.secret),
  };
}

/** `main` of Pulumi.yaml (a file, or a folder), else of package.json, else index.ts or index.js. */
function entryOf(programPath: string, projectFile: string): { directory: string; entry: string } {
  if (existsSync(programPath) && statSync(programPath).isFile()) {
    return { directory: resolve(programPath, ".."), entry: programPath };
  }
  const packageFile = join(programPath, "package.json");
  const packageMain = existsSync(packageFile) ? readPackageMain(packageFile) : undefined;
  const candidates = [...(packageMain === undefined ? [] : [packageMain]), "index.ts", "index.js"];
  const entry = candidates
    .map((name) => resolve(programPath, name))
    .find((path) => existsSync(path) && statSync(path).isFile());
  if (entry === undefined) {
    throw new ProjectError(
      `${projectFile}: the program's entry file is missing; none of ${candidates.join(", ")} exists in ${programPath}. ` +
        'Set "main" in package.json to the entry file.',
    );
  }
  return { directory: programPath, entry };
}

function readPackageMain(file: string): string | undefined {
  try {
    const { main } = JSON.parse(readFileSync(file, "utf8")) as { main?: unknown };
    return typeof main === "string" ? main : undefined;
  } catch (cause) {
    throw new ProjectError(`${file} is not valid JSON: ${messageOf(cause)}`, { cause });
  }
}

function textSetting(manifest: JsonObject, key: string, file: string): string {
  const value = manifest[key];
  if (typeof value !== "string" || value === "") {
    throw new ProjectError(`${file}: "${key}" must be a text that is not empty, got ${kindOf(value)}.`);
  }
  return value;
}

/** Parsed, with the position of the first mistake in the message. YAML 1.2, as the CLI reads it. */
function readYaml(file: string): JsonObject {
  const document = parseDocument(readFileSync(file, "utf8"), { prettyErrors: true });
  const mistake = document.errors[0];
  if (mistake !== undefined) {
    const at = mistake.linePos?.[0];
    const where = at === undefined ? "" : `:${at.line}:${at.col}`;
    throw new ProjectError(`${file}${where}: ${mistake.message.split("\n")[0]?.replace(/ at line .*$/, "")}`);
  }
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null))
    return {};
  if (!isMap(document.contents)) throw new ProjectError(`${file}:1:1: must be a map of settings.`);
  return document.toJS() as JsonObject;
}

function kindOf(value: JsonValue | undefined): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return isJsonObject(value) ? "a map" : JSON.stringify(value);
}
