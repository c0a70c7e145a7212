"use strict";

// The engine gives each plugin a process group of its own, so that nothing ends a plugin whose engine was killed.
const engine = process.ppid;
setInterval(() => {
  if (process.ppid !== engine) process.exit(1);
}, 250).unref();
