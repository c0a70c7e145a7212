import { join } from "node:path";
import { asset } from "@pulumi/pulumi";
import { build } from "esbuild";

/** Handler of the archive, as Lambda names it: file, then export. */
export const functionHandler = "index.handler";

const root = join(__dirname, "..");

let code: Promise<asset.AssetArchive> | undefined;

/**
 * The invoke function as one minified file, bundled in memory: there is no build folder to go stale. The same sources give
 * the same bytes, so that a deployment without a change publishes no version. It is bundled once per process, while
 * other resources are registered.
 */
export function invokeFunctionCode(): Promise<asset.AssetArchive> {
  code ??= bundle("lambda/invoke/handler.ts").then(
    (text) => new asset.AssetArchive({ "index.mjs": new asset.StringAsset(text) }),
  );
  return code;
}

/**
 * One ES module with everything it imports. `module` before `main` keeps the SDK's ES builds, which shake to two thirds of
 * the size; what is CommonJS in it still calls `require`.
 *
 * @param entry path below the repository's root.
 * @throws Error of esbuild, with file and line, when the sources do not bundle.
 */
export async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
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
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error(`esbuild returned no output for ${entry}.`);
  return file.text;
}
