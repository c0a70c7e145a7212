import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { CommandError } from "../exit-status";
import { sourceStatus } from "./source-status";

export interface DownloadOptions {
  readonly onProgress?: (received: number, all: number | undefined) => void;
  /** Takes a line for people: a new attempt, or a start from the beginning. */
  readonly tell?: (line: string) => void;
  /** Attempts in a row that bring no new byte, after which it gives up. @default 5 */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubles. @default 1000 */
  readonly pauseMs?: number;
  /** Milliseconds without a byte after which an attempt counts as failed. @default 60000 */
  readonly idleMs?: number;
  /** Most bytes taken. @default 100e9 */
  readonly maxBytes?: number;
}

/** What is known of a partial download; the next bytes must be of the same version of the file. */
interface Known {
  readonly url: string;
  /** ETag or Last-Modified, as If-Range takes it; none where the server tells neither. */
  readonly validator?: string;
}

/**
 * Downloads a URL into a file and goes on where an earlier run, or an earlier attempt, was stopped, as long as the server has the
 * same version still (RFC 9110, section 13.1.5, If-Range). A server that cannot, sends all of it again.
 *
 * @param part the file; what is known of it is kept in `<part>.json`, until `forgetDownload`.
 * @throws CommandError where the URL does not answer, refuses, or sends something else each time.
 */
export async function download(url: URL, part: string, options: DownloadOptions = {}): Promise<void> {
  const { tell = () => {}, attempts = 5, pauseMs = 1000 } = options;
  let failures = 0;
  for (;;) {
    const before = sizeOf(part);
    try {
      await attempt(url, part, options);
      return;
    } catch (error) {
      if (error instanceof CommandError) throw error;
      failures = sizeOf(part) > before ? 1 : failures + 1;
      const why = reasonOf(error);
      if (failures >= attempts)
        throw new CommandError(
          `${shownUrl(url)} cannot be fetched (${why}). Run it again: what has arrived is kept and continued.`,
          sourceStatus.unreachable,
        );
      tell(`${why}; trying again.`);
      await pause(pauseMs * 2 ** (failures - 1));
    }
  }
}

/** Removes a download and what is known of it. */
export function forgetDownload(part: string): void {
  rmSync(part, { force: true });
  rmSync(`${part}.json`, { force: true });
}

/** Without credentials or a signature, which the query and the user's part of a URL may hold. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

async function attempt(url: URL, part: string, options: DownloadOptions): Promise<void> {
  const { onProgress = () => {}, tell = () => {}, idleMs = 60_000, maxBytes = 100e9 } = options;
  const known = readKnown(part);
  const from = known?.url === url.href && known.validator !== undefined ? sizeOf(part) : 0;
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error("no byte arrived for a while")), idleMs);
  try {
    const response = await fetch(url, {
      signal: idle.signal,
      headers: {
        // A compressed transfer has no byte ranges that could be continued.
        "accept-encoding": "identity",
        ...(from > 0 ? { range: `bytes=${from}-`, "if-range": known?.validator ?? "" } : {}),
      },
    });
    const start = startOf(response, from, url, tell);
    if (start === "complete") return;
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const all = Number.isFinite(length) ? start + length : undefined;
    if (all !== undefined && all > maxBytes) throw tooLarge(url, all, maxBytes);
    if (start === 0) {
      rmSync(part, { force: true });
      writeFileSync(
        `${part}.json`,
        JSON.stringify({ url: url.href, ...validatorOf(response) } satisfies Known),
      );
    }
    const file = await open(part, "a");
    try {
      let received = start;
      for await (const chunk of response.body ?? []) {
        timer.refresh();
        received += chunk.length;
        if (received > maxBytes) throw tooLarge(url, received, maxBytes);
        await file.write(chunk);
        onProgress(received, all);
      }
      if (all !== undefined && received !== all)
        throw new Error(`the connection ended at ${received} of ${all} bytes`);
    } finally {
      await file.close();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Where the answer's bytes belong, or that all of them are there. */
function startOf(
  response: Response,
  from: number,
  url: URL,
  tell: (line: string) => void,
): number | "complete" {
  const { status } = response;
  if (status === 206) {
    const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
    if (range !== null && Number(range[1]) === from) return from;
    throw new CommandError(
      `${shownUrl(url)} sent other bytes than were asked for. Remove the partial download.`,
    );
  }
  if (status === 416 && from > 0) {
    const all = /^bytes \*\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
    if (all !== undefined && Number(all) === from) return "complete";
  }
  if (status === 200) {
    if (from > 0) tell("The file has changed, or the server sends no parts: starting from the beginning.");
    return 0;
  }
  if (status === 408 || status === 429 || status >= 500) throw new Error(`the server answered ${status}`);
  throw new CommandError(
    `${shownUrl(url)} answered ${status} ${response.statusText}. ${adviceFor(status)}`.replace("  ", " "),
    sourceStatus.unreachable,
  );
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return "Is the URL public, and has a signed one not expired?";
  if (status === 404 || status === 410) return "Correct the URL.";
  return "Open it in a browser to see what it serves.";
}

function validatorOf(response: Response): { validator?: string } {
  const etag = response.headers.get("etag");
  // A weak one says that the content means the same, not that the bytes are.
  const validator = etag !== null && !etag.startsWith("W/") ? etag : response.headers.get("last-modified");
  return validator === null ? {} : { validator };
}

function readKnown(part: string): Known | undefined {
  if (!existsSync(`${part}.json`)) return undefined;
  try {
    return JSON.parse(readFileSync(`${part}.json`, "utf8")) as Known;
  } catch (error) {
    // Written in part when the machine stopped: then nothing is known.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function tooLarge(url: URL, bytes: number, maxBytes: number): CommandError {
  return new CommandError(
    `${shownUrl(url)} has ${bytes} bytes; at most ${maxBytes} are taken (--max-gigabytes).`,
    1,
  );
}

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: NodeJS.ErrnoException };
  return cause?.code ?? cause?.message ?? message;
}
