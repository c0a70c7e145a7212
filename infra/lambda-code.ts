import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { build, type Plugin } from "esbuild";

/** Handler of the archive, as Lambda names it: file, then export. */
export const functionHandler = "index.handler";

const root = join(__dirname, "..");

/** File of the archive with the names of the classes; the function's CLASS_LABELS names it. */
export const classLabelsFile = "labels.json";

const entry = "lambda/invoke/index.mts";

let code: Promise<asset.FileAsset> | undefined;
let folder: string | undefined;
const archives = new Map<string, Promise<asset.AssetArchive>>();

/**
 * The invoke function as one minified file, bundled when the program runs: there is no build folder to go stale. The same sources
 * give the same bytes, so that a deployment without a change publishes no version. It is bundled once per process, while
 * other resources are registered, and packed once per list of names.
 *
 * Its files are named and not enclosed. A text travels with every message about a function, to the engine, its log, the provider and
 * back, and stays in the state, once per function; a file is read where it is needed. For both the engine compares the
 * digest of the content, and never the path.
 *
 * @param classNames names of the model's classes, for the file `classLabelsFile`. @default - no such file
 */
export function invokeFunctionCode(classNames?: readonly string[]): Promise<asset.AssetArchive> {
  const labels = JSON.stringify(classNames ?? null);
  const made = archives.get(labels) ?? pack(classNames === undefined ? undefined : labels, archives.size);
  archives.set(labels, made);
  return made;
}

async function pack(labels: string | undefined, index: number): Promise<asset.AssetArchive> {
  code ??= bundle(entry).then((text) => fileOf("index.mjs", text));
  return new asset.AssetArchive({
    "index.mjs": await code,
    ...(labels === undefined ? {} : { [classLabelsFile]: fileOf(`${index}-${classLabelsFile}`, labels) }),
  });
}

/** A file that lasts as long as the process: until the last of its resources is registered, and so created. */
function fileOf(name: string, text: string): asset.FileAsset {
  folder ??= temporaryFolder();
  const path = join(folder, name);
  writeFileSync(path, text);
  return new asset.FileAsset(path);
}

function temporaryFolder(): string {
  const made = mkdtempSync(join(tmpdir(), "sagemaker-ops-function-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  return made;
}

/**
 * One ES module with everything it imports. `module` before `main` keeps the SDK's ES builds, which shake to two thirds of
 * the size; what is CommonJS in it still calls `require`.
 *
 * @param path of the entry below the repository's root.
 * @throws Error of esbuild, with file and line, when the sources do not bundle.
 */
export async function bundle(path: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path],
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "esm",
    minify: true,
    mainFields: ["module", "main"],
    legalComments: "none",
    logLevel: "silent",
    // The compiler options of this repository are for its checks, not for the bundle.
    tsconfigRaw: {},
    plugins: [builtInsByRequire, standIns],
    banner: {
      js: 'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);',
    },
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild returned no output for ${path}.`);
  return file.text;
}

/**
 * Leaves out what of the SDK a function has no use for, and loads in its place what stands for it. A part that the SDK has moved is
 * bundled as it is; the tests of the bundle look for each.
 */
const standIns: Plugin = {
  name: "stand-ins",
  setup({ onResolve }) {
    const files: readonly (readonly [RegExp, string])[] = [
      [/^@aws-sdk\/credential-provider-node$/, "credentials.ts"],
      [/^@smithy\/core\/event-streams$/, "event-streams.ts"],
      [/\/fromSharedConfigFiles$/, "config-files.ts"],
    ];
    for (const [filter, file] of files)
      onResolve({ filter }, () => ({ path: join(root, "lambda/invoke/stand-ins", file) }));
  },
};

/**
 * Loads Node's own modules by `require`. An `import` of one reads each of its exports to offer it by name, and `node:http` alone
 * has some that load a WebSocket client: it takes tens of milliseconds of a cold start, and `require` a tenth of that.
 */
const builtInsByRequire: Plugin = {
  name: "built-ins-by-require",
  setup({ onResolve, onLoad }) {
    const namespace = "built-in";
    onResolve(
      { filter: /^(?:node:|(?:crypto|fs|http|https|os|path|stream|util)(?:\/|$))/ },
      ({ path, namespace: from }) => (from === namespace ? { path, external: true } : { path, namespace }),
    );
    onLoad({ filter: /./, namespace }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};
