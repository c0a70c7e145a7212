import fs from "node:fs";

/** Ways in which the commands change what is on the disk. */
const changing = [
  "createWriteStream",
  "linkSync",
  "mkdirSync",
  "mkdtempSync",
  "renameSync",
  "rmSync",
  "rmdirSync",
  "unlinkSync",
  "writeFileSync",
] as const;

type Changing = (typeof changing)[number];

/** Of the changes that a process makes to files, the one at which it kills itself; "halfway" is with half of a text written. */
export interface FileMoment {
  /** From 1. */
  readonly number: number;
  readonly when: "before" | "halfway" | "after";
}

const log = "FILE_CHANGES_LOG";
const fatal = "FILE_CHANGE_TO_DIE_AT";

/** Variables for a process that tells its changes in a file, a name on each line. */
export function toldIn(file: string): Readonly<Record<string, string>> {
  return { [log]: file };
}

export function killedAt({ number, when }: FileMoment): Readonly<Record<string, string>> {
  return { [fatal]: `${number} ${when}` };
}

/** Makes this process tell its changes of files, or end at one of them by SIGKILL, as the variables say. */
export function watchFileChanges(env: NodeJS.ProcessEnv): void {
  const { [log]: file, [fatal]: moment = "" } = env;
  if (file === undefined && moment === "") return;
  const { writeFileSync } = fs;
  const told = file === undefined ? undefined : fs.openSync(file, "a");
  const [at, when] = moment.split(" ");
  let count = 0;
  // Node's own functions call one another, as its version likes.
  let isWithin = false;
  const whole = (change: () => unknown): unknown => {
    isWithin = true;
    try {
      return change();
    } finally {
      isWithin = false;
    }
  };
  const watched = (name: Changing, change: (...args: unknown[]) => unknown) =>
    function (this: unknown, ...args: unknown[]): unknown {
      if (isWithin) return change.apply(this, args);
      count += 1;
      if (told !== undefined) fs.writeSync(told, `${name}\n`);
      if (String(count) !== at) return whole(() => change.apply(this, args));
      if (when === "halfway") {
        const text = String(args[1]);
        whole(() => writeFileSync(args[0] as string, text.slice(0, text.length / 2)));
      }
      if (when === "after") whole(() => change.apply(this, args));
      return process.kill(process.pid, "SIGKILL");
    };
  for (const name of changing)
    Object.assign(fs, { [name]: watched(name, fs[name] as (...args: unknown[]) => unknown) });
}
