import { awsStatus } from "../core/aws/errors";
import { consolePages, type PageKind } from "../core/operate/pages";
import type { OperateProcess } from "../core/operate/process";
import { knownStack, type StackOptions } from "../core/operate/session";

export interface OpenOptions extends StackOptions {
  readonly json?: boolean;
}

/** Prints addresses of the console; returns the exit status. It asks AWS nothing. */
export function open(
  kind: PageKind,
  name: string | undefined,
  options: OpenOptions,
  own: OperateProcess = process,
): number {
  const pages = consolePages(kind, name, knownStack(options, own));
  const [only] = pages;
  own.stdout.write(
    options.json === true
      ? `${JSON.stringify(pages, undefined, 2)}\n`
      : pages.length === 1 && only !== undefined
        ? `${only.url}\n`
        : pages.map(({ what, url }) => `${what}\n  ${url}\n`).join(""),
  );
  return awsStatus.ok;
}
