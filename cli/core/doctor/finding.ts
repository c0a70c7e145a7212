/** What a check is about; the report has a heading for each, in this order. */
export const areas = ["computer", "account", "limits", "images", "costs", "roles", "leftovers"] as const;
export type Area = (typeof areas)[number];

/**
 * `warning`: it may be meant, or will be wrong one day. `problem`: something will not work. `unchecked`: nobody could be asked.
 */
export type Status = "ok" | "warning" | "problem" | "unchecked";

export interface Finding {
  readonly area: Area;
  /** One or two words, the same for checks of a kind. */
  readonly check: string;
  /** What it is about. */
  readonly subject: string;
  readonly status: Status;
  /** What there is; of what was not checked, why. */
  readonly found: string;
  readonly expected?: string;
  /** A command, a URL, or what to change. */
  readonly fix?: string;
}

export type Finder = ReturnType<typeof about>;

/** Makes the findings of one check. */
export function about(area: Area, check: string, subject: string) {
  const finding = (status: Status, found: string, expected?: string, fix?: string): Finding => ({
    area,
    check,
    subject,
    status,
    found,
    ...(expected === undefined ? {} : { expected }),
    ...(fix === undefined ? {} : { fix }),
  });
  return {
    ok: (found: string) => finding("ok", found),
    warning: (found: string, expected: string, fix: string) => finding("warning", found, expected, fix),
    problem: (found: string, expected: string, fix: string) => finding("problem", found, expected, fix),
    unchecked: (reason: string, fix?: string) => finding("unchecked", reason, undefined, fix),
  };
}
