"use strict";

require("../../../cli/loader.cjs");

// Half of a run's processor time: the SDK loads TypeScript and npm for programs that serialise closures, and formats a stack trace
// for every promise and resource. The programs of the scenarios need neither, and `plan` leaves both out too. A run with the
// type check is loaded as Pulumi does it.
const { withDeferredModules } = require("../../../plan/deferred-modules.ts");
void withDeferredModules(() => new Promise(() => {}));
Error.stackTraceLimit = 1;

// Pulumi's runner maps stack traces back to its own TypeScript sources, "node_modules/@pulumi/output.ts", and shows them with
// util.inspect, which on some versions of Node takes a minute and gigabytes for such a path
// (https://github.com/nodejs/node/issues/64011). Scenarios of failing programs need no mapped traces.
const { dirname } = require("node:path");
const sdk = dirname(require.resolve("@pulumi/pulumi/package.json"));
const register = require.resolve("source-map-support/register", { paths: [sdk] });
require.cache[register] = { id: register, filename: register, loaded: true, exports: {} };
