import { meetsFaults } from "./at-every-call";
import { pruneScenarios } from "./model-scenarios";

for (const scenario of pruneScenarios) meetsFaults(scenario);
