import { terminalLayout } from "../../plan/report/layout";
import { CommandError } from "../core/exit-status";
import { readClassNames } from "../core/invoke/class-names";
import { inputsOf } from "../core/invoke/inputs";
import { localTarget } from "../core/invoke/local";
import { progressOn } from "../core/invoke/progress";
import type { Reading } from "../core/invoke/reply";
import { invokeJson, invokeText } from "../core/invoke/report";
import { type Load, sendAll } from "../core/invoke/send-all";
import { checkForEndpoint, endpointTarget, functionTarget, type Target } from "../core/invoke/targets";
import { interruptible } from "../core/operate/interruption";
import type { OperateProcess } from "../core/operate/process";

export interface InvokeOptions {
  /** True without an address. */
  readonly local?: string | true;
  readonly endpoint?: string;
  readonly function?: string;
  readonly region?: string;
  readonly labels?: string;
  readonly classes?: string;
  readonly top?: string;
  readonly repeat: string;
  readonly concurrency: string;
  readonly log?: boolean;
  readonly json?: boolean;
}

/** What the command reads and writes of its process; tests give their own. */
export interface InvokeProcess {
  readonly stdout: Pick<NodeJS.WriteStream, "write"> & {
    readonly isTTY?: boolean;
    readonly columns?: number;
  };
  readonly stderr: Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onInterrupt?: NonNullable<OperateProcess["onInterrupt"]>;
  exitCode?: number | string | null | undefined;
}

const defaultServing = "http://127.0.0.1:8080";
const defaultTop = { one: 5, many: 1 };
/** Of the worked case, the dog breeds. */
const defaultClasses = 133;

/** Sends images and prints what they are taken for; returns the exit status. */
export async function invoke(
  image: string | undefined,
  given: InvokeOptions,
  own: InvokeProcess = process,
): Promise<number> {
  const { stdout, stderr, env } = own;
  const { argument, options } = apart(image, given);
  const repeat = wholeNumber("--repeat", options.repeat, 1_000_000);
  const concurrency = wholeNumber("--concurrency", options.concurrency, 1000);
  const inputs = inputsOf(argument);
  const load = { inputs, repeat, concurrency };
  const names = options.labels === undefined ? undefined : readClassNames(options.labels);
  const top =
    options.top === undefined
      ? inputs.length === 1
        ? defaultTop.one
        : defaultTop.many
      : wholeNumber("--top", options.top, 1000);
  const target = await targetOf(options, load, { top: Math.min(top, names?.length ?? top), names }, stderr);
  const interruption = interruptible(own);
  const progress = progressOn(stderr);
  try {
    const outcome = await sendAll(target, load, progress.tell, interruption);
    progress.end();
    const reported = {
      target: { kind: target.kind, title: target.title },
      load: { repeat, concurrency },
      outcome,
    };
    stdout.write(
      options.json === true ? invokeJson(reported) : invokeText(reported, terminalLayout(env, stdout)),
    );
    return outcome.status;
  } finally {
    interruption.end();
    await target.close();
  }
}

/** `--local dog.jpg` reads as an address to the parser, which cannot know better. */
function apart(
  image: string | undefined,
  options: InvokeOptions,
): { readonly argument: string; readonly options: InvokeOptions } {
  if (image !== undefined) return { argument: image, options };
  if (typeof options.local === "string" && !/^https?:/i.test(options.local))
    return { argument: options.local, options: { ...options, local: true } };
  throw new CommandError("No image is named. Give an image file, a URL, or a folder of images.");
}

async function targetOf(
  options: InvokeOptions,
  { inputs, concurrency }: Load,
  reading: Reading,
  stderr: InvokeProcess["stderr"],
): Promise<Target> {
  const { local, endpoint, function: name, region, classes, log } = options;
  const named = [local, endpoint, name].filter((one) => one !== undefined);
  if (named.length !== 1)
    throw new CommandError(
      `${named.length === 0 ? "Nothing to call is named" : "More than one thing to call is named"}. Give one of --local, --endpoint <name> and --function <name>.`,
    );
  if (local === undefined) refuse({ "--classes": classes, "--log": log }, "goes with --local alone");
  else refuse({ "--region": region }, "does not go with --local, which calls nothing of AWS");
  if (endpoint !== undefined) {
    checkForEndpoint(inputs);
    return endpointTarget(nameIn("--endpoint", endpoint), region, reading);
  }
  if (name !== undefined) {
    // How many classes there are, the function alone knows, and refuses to name more labels.
    const ownTop = options.top === undefined && reading.top > defaultTop.many;
    return functionTarget(nameIn("--function", name), { region, concurrency, ownTop }, reading);
  }
  const classCount =
    classes === undefined
      ? (reading.names?.length ?? defaultClasses)
      : wholeNumber("--classes", classes, 1_000_000);
  if (reading.names !== undefined && reading.names.length !== classCount)
    throw new CommandError(
      `--classes is ${classCount}, and --labels ${options.labels} has ${reading.names.length} names. Leave --classes out.`,
    );
  const write = log === true ? (line: string) => stderr.write(`${line}\n`) : () => {};
  return localTarget(servingAddress(local), { classCount, write }, reading);
}

function refuse(options: Readonly<Record<string, unknown>>, why: string): void {
  for (const [option, value] of Object.entries(options))
    if (value !== undefined) throw new CommandError(`${option} ${why}. Leave it out.`);
}

function nameIn(option: string, name: string): string {
  if (name !== "") return name;
  throw new CommandError(
    `${option} is ""; it must be a name. Look at the stack's outputs: \`pulumi stack output\`.`,
  );
}

function servingAddress(local: string | true | undefined): URL {
  const text = typeof local === "string" ? local : defaultServing;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" && url.search + url.hash + url.username === "") return url;
  throw new CommandError(
    `--local is ${JSON.stringify(text)}; it must be the http address of a serving process, such as ${defaultServing}.`,
  );
}

function wholeNumber(option: string, text: string, maximum: number): number {
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= maximum) return Number(text);
  throw new CommandError(
    `${option} is ${JSON.stringify(text)}; it must be a whole number from 1 to ${maximum}.`,
  );
}
