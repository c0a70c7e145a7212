#!/usr/bin/env node
"use strict";

// The sources run as they are: tsx strips the types, `npm test` checks them.
require("tsx/cjs");
require("./main.ts");
