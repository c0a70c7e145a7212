import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Cloud, emptyCloud } from "../aws/cloud";
import type { Faults } from "../aws/faults";

/** A holder that was killed frees its lock after this. No change takes long: time is simulated. */
const staleMs = 2000;

/** In the account's folder: the number of the engine's process, where the engine was attached to its plugins. */
export const engineFile = "engine.pid";

/** For measurements: an account that ends with its provider, so that the folder does not count. */
const inMemory = process.env.SIMULATED_AWS_IN_MEMORY === "true" ? emptyCloud() : undefined;

/** The simulated account in a folder, shared by every process that is given the folder. */
export class Store {
  private peeked: { readonly version: string; readonly cloud: Cloud } | undefined;

  constructor(private readonly folder: string) {}

  read(): Cloud {
    if (inMemory !== undefined) return inMemory;
    const file = this.path("cloud.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Cloud) : emptyCloud();
  }

  /** As `read`, for who changes nothing of it: the account is parsed once for each state of its file. */
  peek(): Cloud {
    if (inMemory !== undefined) return inMemory;
    const seen = statSync(this.path("cloud.json"), { throwIfNoEntry: false });
    if (seen === undefined) return emptyCloud();
    const version = `${seen.ino} ${seen.mtimeMs} ${seen.size}`;
    if (this.peeked?.version !== version) this.peeked = { version, cloud: this.read() };
    return this.peeked.cloud;
  }

  faults(): Faults {
    const file = this.path("faults.json");
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Faults) : {};
  }

  setFaults(faults: Faults): void {
    writeFileSync(this.path("faults.json"), JSON.stringify(faults));
  }

  /** Changes the account; what the body did is kept also where it throws, as AWS keeps what a failed call has begun. */
  change<T>(body: (cloud: Cloud) => T): T {
    if (inMemory !== undefined) return body(inMemory);
    const lock = this.path("lock");
    while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    this.peeked = undefined;
    try {
      const cloud = this.read();
      try {
        return body(cloud);
      } finally {
        const unfinished = this.path(`cloud.${process.pid}.json`);
        writeFileSync(unfinished, JSON.stringify(cloud));
        renameSync(unfinished, this.path("cloud.json"));
      }
    } finally {
      rmSync(lock, { force: true });
    }
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

function take(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const seen = statSync(lock, { throwIfNoEntry: false });
    if (seen !== undefined && Date.now() - seen.mtimeMs > staleMs) rmSync(lock, { force: true });
    return false;
  }
}
