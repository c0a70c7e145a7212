import { delimiter, dirname, join, resolve } from "node:path";
import { stackPolicyConfig } from "../../../cli/core/policy/stack-config";
import { rawFromPulumi } from "../../../infra/config/from-pulumi";
import { parseStackConfig } from "../../../infra/config/parse";
import { loadProject } from "../../../plan/load-project";

/** The person's own environment without what would reach their account or their stacks, and with what the tests put in its place. */
export function engineEnvironment(cli: string, root: string): NodeJS.ProcessEnv {
  const own = /^(AWS|PULUMI)_|^(CI|NODE_OPTIONS)$/;
  const inherited = Object.entries(process.env).filter(([name]) => !own.test(name));
  const path = [resolve(__dirname, "../bin"), dirname(cli), dirname(process.execPath), process.env.PATH];
  return {
    ...Object.fromEntries(inherited),
    PATH: path.join(delimiter),
    PULUMI_HOME: join(root, "home"),
    PULUMI_BACKEND_URL: `file://${join(root, "backend")}`,
    PULUMI_CONFIG_PASSPHRASE: "of a test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Without it the CLI does not know --event-log.
    PULUMI_DEBUG_COMMANDS: "true",
    AWS_REGION: "us-east-1",
    NO_COLOR: "1",
    SIMULATED_AWS: join(root, "aws"),
  };
}

/** Text of the pack's configuration for a stack, as the command line hands it over. */
export function packConfigOf(folder: string, stack: string): string {
  const { config, project } = loadProject(folder, stack);
  const today = new Date().toISOString().slice(0, 10);
  return JSON.stringify(stackPolicyConfig(parseStackConfig(rawFromPulumi(config, project)), today));
}
