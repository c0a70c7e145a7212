import { meetsFaults } from "./at-every-call";
import { jobScenarios } from "./job-scenarios";
import { modelScenarios } from "./model-scenarios";

for (const scenario of [...modelScenarios, ...jobScenarios]) meetsFaults(scenario);
