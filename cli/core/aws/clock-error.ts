import { durationText } from "../operate/duration";

/** What an error of the SDK tells about time. */
interface DatedFailure {
  readonly name?: string;
  /** S3's clock, in RequestTimeTooSkewed. */
  readonly ServerTime?: string | Date;
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** Services call it differently; the signature of a wrong key has the same names. */
const names =
  /^(?:RequestTimeTooSkewed|RequestExpired|RequestInTheFuture|InvalidSignatureException|SignatureDoesNotMatch|AuthFailure)$/;

/** From here on the SDK itself takes the clock for the cause. A signature holds for five minutes. */
const leastSkewSeconds = 240;

/** The answer to a HEAD has no body, and so no name: https://github.com/boto/botocore/issues/1400 */
export function isNameless(name: string): boolean {
  return /^Unknown(?:Error)?$/.test(name);
}

/**
 * How far this computer's clock is off, in words, where that is why AWS refuses: "1 h behind AWS's". The SDK corrects itself by
 * the date of an answer, and asks again; this is for what it could not correct.
 */
export function clockError(error: unknown): string | undefined {
  const { name = "", ServerTime, $response } = (error ?? {}) as DatedFailure;
  if (!names.test(name) && !isNameless(name)) return undefined;
  const told = ServerTime ?? $response?.headers?.date;
  const seconds = told === undefined ? Number.NaN : (new Date(told).getTime() - Date.now()) / 1000;
  if (!(Math.abs(seconds) >= leastSkewSeconds)) return undefined;
  const off = durationText(Math.round(Math.abs(seconds) / 60) * 60);
  return `${off} ${seconds > 0 ? "behind" : "ahead of"} AWS's`;
}
