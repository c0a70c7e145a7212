import { loadConfig } from "./config/load";
import { CostLedger } from "./cost-ledger";
import { awsProvider, stackContext } from "./stack/context";
import { publishContract } from "./stack/contract";
import { gatherDebugMessages } from "./stack/debug-messages";
import { buildDevelopment } from "./stack/development";
import { requireEngine } from "./stack/engine";
import { buildFoundation } from "./stack/foundation";
import { buildOperations } from "./stack/operations";
import { buildRegistries } from "./stack/registry";
import { buildServing } from "./stack/serving";
import { buildTraining } from "./stack/training";

/** One environment of the classifier, from its data to its endpoints. What it exports is the contract in `outputs.ts`. */
export = async () => {
  gatherDebugMessages();
  await requireEngine();
  const config = loadConfig();
  const ledger = new CostLedger();
  const provider = awsProvider(config);
  const context = await stackContext(config, provider);
  const opts = { provider };

  const foundation = buildFoundation(config, context, opts);
  const { code, jobs } = buildTraining(config, context, foundation, opts);
  const development = buildDevelopment(config, context, foundation, code, opts);
  const registries = buildRegistries(config, context, opts);
  const serving = buildServing(config, context, foundation, opts);
  const operations = buildOperations(config, context, serving, opts);

  const parts = { foundation, development, jobs, registries, serving, operations, ledger };
  return publishContract(config, context, parts, opts);
};
