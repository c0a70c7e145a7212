/** Counts of another program's tests, as the reporter adds them to the total. */
export interface OutsideCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a line of pytest's verbose output tells of its progress. */
export interface PytestLine {
  readonly outcome: "PASSED" | "FAILED" | "ERROR" | "SKIPPED" | "XFAIL" | "XPASS";
  readonly percent: number;
}

/** Nothing for a line that ends no test. */
export function pytestLine(line: string): PytestLine | undefined {
  const found = /^\S+::.* (PASSED|FAILED|ERROR|SKIPPED|XFAIL|XPASS)(?: \(.*\))? +\[ *(\d+)%\]$/.exec(line);
  if (found === null) return undefined;
  return { outcome: found[1] as PytestLine["outcome"], percent: Number(found[2]) };
}

/**
 * The counts in the root of a JUnit report. An error, such as one of a fixture or of a file that cannot be imported, is a failure.
 *
 * @throws Error where it is no such report.
 */
export function junitCounts(xml: string): OutsideCounts {
  const suites = [...xml.matchAll(/<testsuite ([^>]*)>/g)].map(([, attributes = ""]) => attributes);
  if (suites.length === 0) throw new Error(`There is no test suite in pytest's report: ${xml.slice(0, 200)}`);
  const sum = (name: string) =>
    suites.reduce((total, attributes) => {
      const value = new RegExp(`(?:^| )${name}="(\\d+)"`).exec(attributes)?.[1];
      if (value === undefined)
        throw new Error(`A test suite in pytest's report has no ${name}: ${attributes}`);
      return total + Number(value);
    }, 0);
  const failed = sum("failures") + sum("errors");
  const skipped = sum("skipped");
  return { passed: Math.max(0, sum("tests") - failed - skipped), failed, skipped };
}

/** The part of pytest's output that says what failed. */
export function failuresIn(output: string): string {
  const start = output.search(/^=+ (?:FAILURES|ERRORS) =+$/m);
  return start === -1 ? output.slice(-4000) : output.slice(start);
}
