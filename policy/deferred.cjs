"use strict";

const Module = require("node:module");

/**
 * Runs `body` with npm's tree builder loaded on first use only. Pulumi's SDK loads it whenever it starts, to put a function into a
 * resource; a pack never does that, and it is a quarter of what a pack starts with.
 */
function withDeferred(body) {
  const load = Module._load;
  Module._load = function (request, parent, isMain) {
    const now = () => load.call(this, request, parent, isMain);
    if (request !== "@npmcli/arborist") return now();
    // Compiled imports ask for `__esModule` at once, and would copy every export of a module that says no.
    return new Proxy({}, { get: (_, key) => key === "__esModule" || now()[key] });
  };
  try {
    return body();
  } finally {
    Module._load = load;
  }
}

module.exports = { withDeferred };
