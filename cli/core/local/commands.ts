import { join } from "node:path";

/** Folders of one local run. */
export interface Places {
  readonly data: string;
  readonly single: string;
  readonly pair: string;
  readonly archive: string;
  readonly served: string;
}

export function placesIn(root: string): Places {
  return {
    data: join(root, "dogImages"),
    single: join(root, "single"),
    pair: join(root, "two-processes"),
    archive: join(root, "model.tar.gz"),
    served: join(root, "served"),
  };
}

/** Side of the images in pixels, generated and trained on: small enough for a processor. */
export const imageSize = 64;
export const epochs = { single: 8, pair: 3 } as const;

/**
 * A backbone from nothing on few images: small steps of few images, and patience, as the first epochs say little. Everything
 * learns, since frozen layers would stay random.
 */
function training(data: string, into: string, count: number): string[] {
  return [
    ...["train.py", "--data", data, "--backbone", "resnet18", "--image_size", String(imageSize)],
    ...["--fine_tune", "full", "--batch_size", "16", "--learning_rate", "0.002"],
    ...["--epochs", String(count), "--patience", String(count), "--workers", "0", "--device", "cpu"],
    ...["--model_dir", join(into, "model"), "--output_dir", join(into, "data")],
    ...["--checkpoint_dir", join(into, "checkpoints")],
  ];
}

/** One process, from random weights. */
export function singleTraining({ data, single }: Places): string[] {
  return training(data, single, epochs.single);
}

/** Two processes that share each epoch; they go on from the weights of the first training, as jobs do from a backbone's. */
export function pairTraining({ data, single, pair }: Places, port: number): string[] {
  return [
    ...["-m", "torch.distributed.run", "--nnodes", "1", "--nproc_per_node", "2"],
    ...["--master_addr", "127.0.0.1", "--master_port", String(port)],
    ...training(data, pair, epochs.pair),
    ...["--pretrained", join(single, "model", "model.safetensors")],
  ];
}

export function packing({ pair, archive }: Places): string[] {
  return ["-m", "breeds.export", "pack", join(pair, "model"), archive];
}

/** Verifies the archive before it writes anything. */
export function unpacking({ archive, served }: Places): string[] {
  return ["-m", "breeds.export", "unpack", archive, served];
}

export function serving({ served }: Places, port: number): string[] {
  return ["-m", "breeds.serve", "--model", served, "--port", String(port), "--workers", "1", "--quiet"];
}

/** The environment of the programs: the caller's, without what a SageMaker container or an earlier torchrun has set. */
export function programEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(?:SM_|TORCHELASTIC_|(?:LOCAL_|GROUP_|ROLE_)?(?:RANK|WORLD_SIZE)$|MASTER_(?:ADDR|PORT)$)/;
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name))),
    // Threads that wait for each other spin: on a machine that does something else too, two take ten times as long as one.
    OMP_NUM_THREADS: "1",
    GLOO_SOCKET_IFNAME: process.platform === "darwin" ? "lo0" : "lo",
    PYTHONUNBUFFERED: "1",
    // The clone stays as it is.
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

/** What a line of the training's log tells people who wait; nothing for most of them. */
export function trainingProgress(line: string, count: number): string | undefined {
  const [, epoch, accuracy] = /^epoch=(\d+) .*\bvalidation_accuracy=([\d.]+)/.exec(line) ?? [];
  return epoch === undefined
    ? undefined
    : `epoch ${epoch} of ${count}, validation accuracy ${percentage(Number(accuracy))}`;
}

/** `test_accuracy` of the log's last line. */
export function testAccuracy(output: string): number | undefined {
  const found = /^test_loss=\S+ test_accuracy=([\d.]+)/m.exec(output)?.[1];
  return found === undefined ? undefined : Number(found);
}

export function percentage(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
