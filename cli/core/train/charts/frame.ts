import { figure } from "../figures";
import type { Scale } from "./scale";
import { rule, text } from "./svg";

/** The inner rectangle of a chart with two axes, in pixels. */
export interface Frame {
  readonly x: (place: number) => number;
  readonly y: (place: number) => number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

export const chartWidth = 720;
export const chartHeight = 340;

/** @param rightMargin room for labels beside the lines. */
export function frameOf(rightMargin = 24): Frame {
  const [left, right, top, bottom] = [72, chartWidth - rightMargin, 48, chartHeight - 52];
  return {
    left,
    right,
    top,
    bottom,
    x: (place) => left + place * (right - left),
    y: (place) => bottom - place * (bottom - top),
  };
}

/** Horizontal grid lines with their values, and what they are values of. */
export function verticalAxis(frame: Frame, { place, ticks }: Scale, label: string): string {
  return [
    ...ticks.map((tick) => {
      const y = frame.y(place(tick));
      return `${rule(frame.left, y, frame.right, y, "grid")}${text(frame.left - 8, y + 4, figure(tick), "soft", "end")}`;
    }),
    text(16, frame.top - 8, label, "soft"),
  ].join("");
}

/** The base line with the given values below it. */
export function horizontalAxis(
  frame: Frame,
  ticks: readonly (readonly [place: number, label: string])[],
  label: string,
): string {
  return [
    rule(frame.left, frame.bottom, frame.right, frame.bottom, "axis"),
    ...ticks.map(([place, told]) => text(frame.x(place), frame.bottom + 18, told, "soft", "middle")),
    text((frame.left + frame.right) / 2, frame.bottom + 40, label, "soft", "middle"),
  ].join("");
}

/** Said in the place of a chart that has nothing to show. */
export function emptyNote(message: string): string {
  return text(chartWidth / 2, chartHeight / 2, message, "soft", "middle");
}
