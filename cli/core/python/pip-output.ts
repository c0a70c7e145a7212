/** Smaller downloads are over before anyone reads the line. */
const worthTelling = /\((?:\d{2,}(?:\.\d+)? MB|[\d.]+ GB)\)/;

/** What a line of pip's output tells people who wait; nothing for most of them. */
export function pipProgress(line: string): string | undefined {
  const text = line.trim();
  if (/^(?:Downloading|Using cached) /.test(text)) return worthTelling.test(text) ? text : undefined;
  const installing = /^Installing collected packages: (.*)$/.exec(text)?.[1];
  return installing === undefined ? undefined : `Installing ${installing.split(", ").length} packages`;
}

/** What to do about an installation that failed, with pip's own words where they are not known. */
export function pipProblem(output: string): string {
  if (/No space left on device|\[Errno 28\]/.test(output))
    return "The disk is full: make room, or name another folder in XDG_CACHE_HOME.";
  if (/ensurepip is not available|No module named '?(?:venv|ensurepip)/.test(output))
    return "Install python3-venv, or your system's package of it.";
  if (
    /name resolution|Name or service not known|NewConnectionError|ConnectTimeout|ProxyError|SSLError/.test(
      output,
    )
  )
    return "The package index cannot be reached: connect to the network, or set PIP_INDEX_URL or a proxy for pip, and run it again.";
  const said = output
    .split("\n")
    .filter((line) => /^(?:ERROR|error)/.test(line.trim()))
    .slice(-3)
    .join(" ");
  return `It said: ${said === "" ? output.trim().slice(-500) : said.slice(0, 1000)}`;
}
