import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Readable } from "node:stream";

/**
 * A provider and a language host that outlive the engines that use them, killed ones too: a run of the CLI then starts no Node
 * process.
 */
export class WarmPlugins {
  private readonly provider: Promise<Started>;
  private readonly host: Promise<Started>;
  private readonly children: ChildProcess[] = [];

  /**
   * @param env of a stack: both plugins belong to one run at a time.
   * @param program folder of the program that is loaded when there is time for it.
   */
  constructor(env: NodeJS.ProcessEnv, program: string) {
    this.provider = this.started("pulumi-resource-aws", env);
    this.host = this.started("pulumi-language-nodejs", { ...env, ENGINE_PROGRAM: program });
  }

  /**
   * For the CLI; the names are Pulumi's, for debuggers.
   *
   * @param account folder of the account that the provider is to work on from now on. @default the one of its environment
   */
  async environment(account?: string): Promise<NodeJS.ProcessEnv> {
    const [host, provider] = await Promise.all([this.host, this.provider]);
    if (account !== undefined) {
      const heard = once(provider.process, "message");
      provider.process.send({ account });
      await heard;
    }
    return {
      PULUMI_DEBUG_LANGUAGES: `nodejs:${host.port}`,
      PULUMI_DEBUG_PROVIDERS: `aws:${provider.port}`,
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.host, this.provider]);
    this.end();
  }

  /** At once, also where one of the two has not started yet. */
  end(): void {
    for (const child of this.children) child.kill();
  }

  /** Resolves with the port, the first line that a plugin prints. Nobody has to wait for its end. */
  private started(name: string, env: NodeJS.ProcessEnv): Promise<Started> {
    return new Promise((done, reject) => {
      const child = spawn(process.execPath, [resolve(__dirname, "../bin", name)], {
        env,
        stdio: ["ignore", "pipe", "ignore", "ipc"],
      });
      this.children.push(child);
      child.on("error", reject);
      child.on("exit", (status) =>
        reject(new Error(`${name} ended with status ${status} before it served.`)),
      );
      child.stdout?.setEncoding("utf8").once("data", (text: string) => {
        child.unref();
        child.channel?.unref();
        unref(child.stdout);
        done({ process: child, port: text.trim() });
      });
    });
  }
}

interface Started {
  readonly process: ChildProcess;
  readonly port: string;
}

/** A child's pipe is a socket, which its type does not say. */
function unref(pipe: Readable | null): void {
  (pipe as (Readable & { unref?: () => void }) | null)?.unref?.();
}
