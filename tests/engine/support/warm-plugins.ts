import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

/**
 * A provider and a language host that outlive the engines that use them, killed ones too: a run of the CLI then starts no Node
 * process.
 */
export class WarmPlugins {
  private readonly provider: Promise<Started>;
  private readonly host: Promise<Started>;

  /**
   * @param env of the stack: both plugins belong to one stack, and to one run at a time.
   * @param program folder of the stack's program.
   */
  constructor(env: NodeJS.ProcessEnv, program: string) {
    this.provider = started("pulumi-resource-aws", env);
    this.host = started("pulumi-language-nodejs", { ...env, ENGINE_PROGRAM: program });
  }

  /** For the CLI; the names are Pulumi's, for debuggers. */
  async environment(): Promise<NodeJS.ProcessEnv> {
    const [host, provider] = await Promise.all([this.host, this.provider]);
    return {
      PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
      PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
    };
  }

  async stop(): Promise<void> {
    for (const plugin of [this.host, this.provider]) (await plugin).process.kill();
  }
}

interface Started {
  readonly process: ChildProcess;
  readonly port: string;
}

/** Resolves with the port, the first line that a plugin prints. */
function started(name: string, env: NodeJS.ProcessEnv): Promise<Started> {
  return new Promise((done, reject) => {
    const child = spawn(process.execPath, [resolve(__dirname, "../bin", name)], {
      env,
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.on("error", reject);
    child.on("exit", (status) => reject(new Error(`${name} ended with status ${status} before it served.`)));
    child.stdout
      .setEncoding("utf8")
      .once("data", (text: string) => done({ process: child, port: text.trim() }));
  });
}
