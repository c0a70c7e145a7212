import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { terminalLayout } from "../../plan/report/layout";
import type { ClientOptions } from "../core/aws/clients";
import { readDeployedStack } from "../core/aws/deployed-stack";
import { readDeclaredStack } from "../core/aws/stack-config";
import { checkDataSet } from "../core/data/check";
import { hashFile } from "../core/data/hash-file";
import { hashImages } from "../core/data/hash-images";
import { configLine, digestKey } from "../core/data/next-steps";
import { progressLine, sizeText } from "../core/data/progress";
import type { Bucket } from "../core/data/put-checked";
import { scanDataSet } from "../core/data/scan";
import { checkText } from "../core/data/show-check";
import { sourceStatus } from "../core/data/source-status";
import { uploadDataSet } from "../core/data/upload-data-set";
import { type UploadItem, type UploadSizes, uploadSizes } from "../core/data/upload-item";
import { uploadObject } from "../core/data/upload-object";
import { CommandError, exitStatus } from "../core/exit-status";
import { projectRoot } from "../core/project-root";
import { type DataProcess, wholeNumber } from "./data-options";

export interface UploadOptions {
  readonly stack?: string;
  readonly bucket?: string;
  readonly prefix?: string;
  readonly pretrained?: string;
  readonly region?: string;
  readonly endpoint?: string;
  readonly concurrency: string;
  readonly delete?: boolean;
  readonly set: boolean;
}

interface Destination {
  readonly bucket: string;
  readonly prefix: string;
  readonly pretrainedPrefix: string;
  readonly region: string | undefined;
}

/** Uploads a data set that has no problem, and tells the stack its digest; returns the exit status. */
export async function dataUpload(
  folder: string,
  options: UploadOptions,
  own: DataProcess = process,
  sizes: UploadSizes = uploadSizes,
): Promise<number> {
  const { stdout, stderr, env } = own;
  const concurrency = wholeNumber("--concurrency", options.concurrency, 1, 64);
  const to = destination(options);
  const pretrained = options.pretrained === undefined ? undefined : weightsFile(options.pretrained);
  const scanned = scanDataSet(folder);
  const reading = progressLine(stderr, (done, all) => `${done} of ${all} images read`);
  const images = await hashImages(scanned, { onDone: reading.update });
  reading.end();
  const check = checkDataSet(scanned, images);
  const { manifest } = check;
  if (manifest === undefined) {
    stderr.write(checkText(check, { full: false }, terminalLayout(env, stderr)));
    return sourceStatus.refused;
  }
  const client = s3Client(to.region, options.endpoint, concurrency, own.clientOptions);
  try {
    const bucket = { client, name: to.bucket };
    const items = images.map(
      ({ path, bytes, sha256 = "" }): UploadItem => ({
        file: join(folder, path),
        key: `${to.prefix}${path}`,
        bytes,
        sha256,
      }),
    );
    const progress = uploadProgress(stderr, items.length);
    const done = await uploadDataSet({
      bucket,
      prefix: to.prefix,
      items,
      manifest,
      concurrency,
      sizes,
      deleteOthers: options.delete === true,
      onProgress: progress.update,
    }).finally(progress.end);
    stdout.write(
      `${done.uploaded} of ${items.length} images uploaded to s3://${to.bucket}/${to.prefix} (${sizeText(done.sentBytes)}), ${done.there} were there.\n`,
    );
    if (done.deleted.length > 0) stdout.write(`${done.deleted.length} other objects deleted.\n`);
    if (pretrained !== undefined) await uploadWeights(pretrained, { bucket, to, sizes }, own);
  } finally {
    client.destroy();
  }
  stdout.write(`Manifest ${manifest.digest}\n`);
  return tellStack(manifest.digest, options, own);
}

function destination(options: UploadOptions): Destination {
  const { stack, bucket, prefix, region } = options;
  if ((stack === undefined) === (bucket === undefined))
    throw new CommandError(
      `${stack === undefined ? "No destination is named" : "Two destinations are named"}. Give either --stack <name> or --bucket <name>.`,
    );
  if (bucket !== undefined)
    return {
      bucket,
      prefix: keyPrefix(prefix ?? "dogImages/"),
      pretrainedPrefix: "pretrained/",
      region,
    };
  const name = stack ?? "";
  if (prefix !== undefined)
    throw new CommandError(
      "--prefix belongs to --bucket; with --stack it is storage.data.prefix of its configuration.",
    );
  const { config } = readDeclaredStack(projectRoot, name);
  const { contract } = readDeployedStack(projectRoot, name);
  if (contract === undefined)
    throw new CommandError(
      `The stack ${name} is not deployed, so it has no bucket yet. Run \`npm run up -- --stack ${name}\` first.`,
    );
  const { data } = config.storage;
  return {
    bucket: contract.buckets.data,
    prefix: data.prefix,
    pretrainedPrefix: data.pretrainedPrefix,
    region: region ?? contract.region,
  };
}

function keyPrefix(prefix: string): string {
  if (/^(?:[A-Za-z0-9!_.*'()-]+\/)+$/.test(prefix)) return prefix;
  throw new CommandError(
    `--prefix is ${JSON.stringify(prefix)}; it must be folders that end in a slash, such as dogImages/.`,
  );
}

function weightsFile(file: string): string {
  const found = existsSync(file) ? statSync(file) : undefined;
  if (found?.isFile() === true && /\.(?:safetensors|pth)$/.test(file)) return file;
  throw new CommandError(
    `--pretrained is ${JSON.stringify(file)}; it must be a state dict of the backbone that ends in .safetensors or .pth.`,
  );
}

function s3Client(
  region: string | undefined,
  endpoint: string | undefined,
  concurrency: number,
  more: ClientOptions = {},
): S3Client {
  if (endpoint !== undefined && !/^https?:\/\//.test(endpoint))
    throw new CommandError(
      `--endpoint is ${JSON.stringify(endpoint)}; it must be a URL that starts with https://.`,
    );
  return new S3Client({
    ...(region === undefined ? {} : { region }),
    // Emulators have no name for each bucket.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    followRegionRedirects: true,
    maxAttempts: 5,
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 120_000,
      throwOnRequestTimeout: true,
      httpAgent: { maxSockets: concurrency },
      httpsAgent: { maxSockets: concurrency },
    },
    ...more,
  });
}

function uploadProgress(stderr: DataProcess["stderr"], files: number) {
  let doneFiles = 0;
  const line = progressLine(
    stderr,
    (sent, all) => `${sizeText(sent)} of ${sizeText(all)}, ${doneFiles} of ${files} images`,
  );
  return {
    update: (sent: number, all: number, done: number) => {
      doneFiles = done;
      line.update(sent, all);
    },
    end: line.end,
  };
}

async function uploadWeights(
  file: string,
  { bucket, to, sizes }: { readonly bucket: Bucket; readonly to: Destination; readonly sizes: UploadSizes },
  { stdout, stderr }: DataProcess,
): Promise<void> {
  const { size } = statSync(file);
  const item: UploadItem = {
    file,
    key: `${to.pretrainedPrefix}${basename(file)}`,
    bytes: size,
    sha256: await hashFile(file),
  };
  const progress = progressLine(
    stderr,
    (done, all) => `${sizeText(done)} of ${sizeText(all)} of the weights`,
  );
  let sent = 0;
  const { kind } = await uploadObject(bucket, item, {
    sizes,
    mayBeThere: true,
    onBytes: (bytes) => {
      sent += bytes;
      progress.update(sent, size);
    },
  }).finally(progress.end);
  stdout.write(`Weights ${kind === "there" ? "were at" : "uploaded to"} s3://${to.bucket}/${item.key}\n`);
}

function tellStack(digest: string, { stack, set }: UploadOptions, { stdout, env }: DataProcess): number {
  if (stack === undefined || !set) {
    stdout.write(`In a stack's configuration:\n  ${configLine(digest, stack)}\n`);
    return exitStatus.ok;
  }
  const { error, status, stderr } = spawnSync(
    "pulumi",
    ["config", "set", "--path", digestKey, digest, "--stack", stack, "--non-interactive"],
    { cwd: projectRoot, env, encoding: "utf8" },
  );
  if (error !== undefined || status !== 0)
    throw new CommandError(
      `The images are uploaded, and the configuration of ${stack} could not be changed: ${(error?.message ?? stderr).trim()}. Run: ${configLine(digest, stack)}`,
      sourceStatus.unreachable,
    );
  stdout.write(
    `Wrote storage.data.manifestDigest into the configuration of ${stack}. Next: npm run up -- --stack ${stack}\n`,
  );
  return exitStatus.ok;
}
