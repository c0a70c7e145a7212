"use strict";

const { writeSync } = require("node:fs");

// Writes what this process used to file descriptor 3 as it ends. Children that only pass through are not the subject.
process.once("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  writeSync(3, JSON.stringify({ cpuMs: (userCPUTime + systemCPUTime) / 1000, peakMiB: maxRSS / 1024 }));
});
