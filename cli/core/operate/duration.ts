import { CommandError } from "../exit-status";

/** `2 h 5 min`, `12 min 3 s`, `8 s`: the two largest units, which is as exact as anyone reads. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const parts = [
    [Math.floor(whole / 86_400), "d"],
    [Math.floor((whole % 86_400) / 3600), "h"],
    [Math.floor((whole % 3600) / 60), "min"],
    [whole % 60, "s"],
  ] as const;
  const first = parts.findIndex(([amount]) => amount > 0);
  if (first < 0) return "0 s";
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(" ");
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/**
 * Seconds in `90s`, `30m`, `2h` or `7d`.
 *
 * @param option how the command line names it.
 * @throws CommandError for anything else, and for more than a year.
 */
export function secondsOf(option: string, text: string): number {
  const [, amount, unit = ""] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  const seconds = Number(amount) * (unitSeconds[unit] ?? Number.NaN);
  if (seconds >= 1 && seconds <= 366 * 86_400) return seconds;
  throw new CommandError(
    `${option} is ${JSON.stringify(text)}; it must be a whole number and a unit, as 90s, 30m, 2h or 7d, of a year at most.`,
  );
}
