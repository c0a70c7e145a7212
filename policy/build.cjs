"use strict";

const { createHash } = require("node:crypto");
const { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join, sep } = require("node:path");

const bundle = join(__dirname, "dist", "index.js");
const marker = "// sources ";

/** Digest of everything the compiled pack is made from; reading it all takes a few milliseconds. */
function sourceDigest() {
  const hash = createHash("sha256");
  for (const file of sources(__dirname)) {
    const name = file.slice(__dirname.length + 1).replaceAll(sep, "/");
    hash.update(`${name}\n`).update(readFileSync(file)).update("\n");
  }
  return hash.digest("hex");
}

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== "node_modules" && name !== "dist" && name !== "profiles")
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return sources(path);
      return /\.(?:ts|json|cjs)$/.test(entry.name) ? [path] : [];
    });
}

/** Digest of the sources that the compiled pack was made from; undefined where there is none. */
function compiledDigest() {
  try {
    const [first = ""] = readFileSync(bundle, "utf8").split("\n", 1);
    return first.startsWith(marker) ? first.slice(marker.length) : undefined;
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

function isCurrent() {
  return compiledDigest() === sourceDigest();
}

/**
 * Compiles the pack into dist/index.js, one file with the policy SDK outside it. Types are not checked here.
 * @throws an error with `errors` where a source does not compile, and another where there is no compiler or no leave to write.
 */
function build() {
  const digest = sourceDigest();
  const { outputFiles } = require("esbuild").buildSync({
    absWorkingDir: __dirname,
    entryPoints: ["index.ts"],
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@pulumi/policy"],
    banner: { js: `${marker}${digest}` },
    logLevel: "silent",
    write: false,
    outfile: "dist/index.js",
  });
  mkdirSync(join(__dirname, "dist"), { recursive: true });
  // Renamed into place, so that a pack that starts at the same time reads the old file or the new one.
  const draft = `${bundle}.${process.pid}`;
  writeFileSync(draft, outputFiles[0].contents);
  renameSync(draft, bundle);
}

module.exports = { build, bundle, isCurrent };

if (require.main === module && !isCurrent()) build();
