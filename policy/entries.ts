import { asList, UNKNOWN } from "./values";

/** A value and where it stands, such as `ingress[2]`. */
export interface Entry {
  readonly path: string;
  /** `UNKNOWN` where the entry, or the whole list, is unknown. */
  readonly value: unknown;
}

/** The entries of a list, or of a single value in place of one. An unknown list is one unknown entry, at the list's own path. */
export function entriesOf(value: unknown, path: string): readonly Entry[] {
  if (value === UNKNOWN) return [{ path, value }];
  return asList(value).map((entry, index) => ({ path: `${path}[${index}]`, value: entry }));
}
