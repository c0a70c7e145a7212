"use strict";

const { existsSync } = require("node:fs");
const { join } = require("node:path");
const { withDeferred } = require("./deferred.cjs");

// The SDK reads the pack's version from the working directory, and not every way of starting a pack sets it
// (https://github.com/pulumi/pulumi/blob/master/sdk/nodejs/cmd/pulumi-language-nodejs/main.go, RunPlugin).
process.chdir(__dirname);
withDeferred(() => require(entry()));

/**
 * The compiled pack. Where the sources lie beside it, in a checkout, it is compiled anew first if they have changed: a rule that
 * was edited must not be passed over in silence. Nothing is printed on stdout, whose first line is the port.
 */
function entry() {
  if (!existsSync(join(__dirname, "index.ts"))) return "./dist/index.js";

  const { build, bundle, isCurrent } = require("./build.cjs");
  if (isCurrent()) return bundle;
  try {
    build();
    return bundle;
  } catch (error) {
    const isSourceError = Array.isArray(error.errors);
    // Without a compiler, or without leave to write, Pulumi's own TypeScript loader runs the sources: slower, and right.
    if (!isSourceError && require.extensions[".ts"] !== undefined) return "./index.ts";
    throw new Error(`The policy pack in ${__dirname} cannot be compiled: ${error.message}`);
  }
}
