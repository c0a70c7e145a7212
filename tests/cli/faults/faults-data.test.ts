import { accountScenarios } from "./account-scenarios";
import { meetsFaults } from "./at-every-call";
import { dataScenarios } from "./data-scenarios";

for (const scenario of [...dataScenarios, ...accountScenarios]) meetsFaults(scenario);
