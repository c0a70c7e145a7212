import { type ChildProcess, spawn } from "node:child_process";
import { resolve } from "node:path";

/** A provider and a language host that outlive the engines that use them: a run of the CLI then starts no Node process. */
export class WarmPlugins {
  private readonly provider: Promise<Started>;
  private host: Promise<Started>;

  /**
   * @param env of the stack: both plugins belong to one stack, and to one run at a time.
   * @param program folder of the stack's program.
   */
  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly program: string,
  ) {
    this.provider = started("pulumi-resource-aws", env);
    this.host = this.newHost();
  }

  /** For the CLI; the names are Pulumi's, for debuggers. */
  async environment(): Promise<NodeJS.ProcessEnv> {
    const [host, provider] = await Promise.all([this.host, this.provider]);
    return {
      PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
      PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
    };
  }

  /** After an engine was killed: in its host something of the program still runs. */
  async renewHost(): Promise<void> {
    const { process: old } = await this.host;
    old.kill("SIGKILL");
    this.host = this.newHost();
  }

  async stop(): Promise<void> {
    for (const plugin of [this.host, this.provider]) (await plugin).process.kill("SIGKILL");
  }

  private newHost(): Promise<Started> {
    return started("pulumi-language-nodejs", { ...this.env, ENGINE_PROGRAM: this.program });
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
