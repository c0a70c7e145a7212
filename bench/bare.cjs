"use strict";

// The same loader as the command's, so that only what the program does differs.
require("../cli/loader.cjs");
require("./bare-program.ts");
