"use strict";

const { _extensions: extensions } = require("node:module");

// The sources run as they are: tsx strips the types, `npm test` checks them. Packages are JavaScript already, so Node loads
// them itself: tsx would read every one of their files in search of ES modules.
const loadJavaScript = extensions[".js"];
require("tsx/cjs");
extensions[".js"] = loadJavaScript;

// Pulumi takes a stack trace for every promise; mapping each of them back to a source costs more than the plan itself.
process.setSourceMapsEnabled(false);
