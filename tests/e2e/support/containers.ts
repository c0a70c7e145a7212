import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programEnvironment, serving } from "../../../cli/core/local/commands";
import { type Serving, startServing } from "../../../cli/core/local/serve";

/** What SageMaker gives a container. */
export interface Container {
  /** The archive, as it lies in S3. */
  readonly artifact: Uint8Array;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Serving containers without a container engine: the artifact is unpacked as SageMaker does, and the serving process that comes with
 * the training package answers for it, with the container's environment. Whoever asks for the same again gets the same process.
 */
export class Containers {
  private readonly root = mkdtempSync(join(tmpdir(), "sagemaker-ops-containers-"));
  private readonly started = new Map<string, Promise<Serving>>();

  /** @param python with the training's packages. */
  constructor(private readonly python: string) {}

  /** Address of the process, once it answers `/ping`. */
  async origin(key: string, container: () => Promise<Container>): Promise<URL> {
    const running = this.started.get(key) ?? container().then((one) => this.start(one));
    this.started.set(key, running);
    return (await running).origin;
  }

  private start({ artifact, environment }: Container): Promise<Serving> {
    const folder = mkdtempSync(join(this.root, "model-"));
    const served = join(folder, "served");
    const archive = join(folder, "model.tar.gz");
    mkdirSync(served);
    writeFileSync(archive, artifact);
    execFileSync("tar", ["-xzf", archive, "-C", served]);
    const places = { data: "", single: "", pair: "", archive, served };
    return startServing(
      { python: this.python, args: serving(places, 0) },
      { env: { ...programEnvironment(process.env), ...environment } },
    );
  }

  async stop(): Promise<void> {
    // One that did not start has told so to whoever asked for it, and has nothing to stop.
    const started = await Promise.allSettled(this.started.values());
    for (const one of started) if (one.status === "fulfilled") await one.value.stop();
    rmSync(this.root, { recursive: true, force: true });
  }
}
