"use strict";

// Notes what the program's process used, as it ends, in the file that BENCH_USAGE names. The engine's other processes are not the subject.
const { appendFileSync } = require("node:fs");
const { sep } = require("node:path");

const file = process.env.BENCH_USAGE;
if (file !== undefined && process.argv[1]?.includes(["cmd", "run", "index.js"].join(sep))) {
  process.once("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    const usage = { cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMiB: maxRSS / 1024 };
    appendFileSync(file, `${JSON.stringify(usage)}\n`);
  });
}
