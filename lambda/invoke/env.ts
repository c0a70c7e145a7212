/**
 * The environment block of the function. The program that deploys it writes exactly this type, so that a variable can be
 * neither forgotten nor misspelt on one side only. An optional variable that is absent or empty has the default told.
 */
export interface FunctionEnvironment {
  /** Name of the one endpoint that the function may call. */
  readonly ENDPOINT_NAME: string;
  /** Name of the model, as callers know it. */
  readonly MODEL_NAME: string;
  /** How many numbers an answer has. */
  readonly CLASS_COUNT: string;
  /** Largest image in bytes. */
  readonly MAX_IMAGE_BYTES: string;
  /** Largest image in bytes that is fetched from a URL or from S3. @default - MAX_IMAGE_BYTES */
  readonly MAX_FETCH_BYTES?: string;
  /** Largest number of images in one request, 1 to 100. @default "1" */
  readonly MAX_BATCH?: string;
  /** Origins of web pages that may read answers, by commas, or `*`. @default - none: no CORS headers */
  readonly ALLOWED_ORIGINS?: string;
  /** Hosts that URLs may name, by commas: `example.org`, `*.example.org`, `*`. @default - none: URLs are refused */
  readonly IMAGE_HOSTS?: string;
  /** Buckets that S3 references may name, by commas. @default - none: references are refused */
  readonly IMAGE_BUCKETS?: string;
  /** File in the archive with a JSON list of the classes' names. @default - a class is named by its index */
  readonly CLASS_LABELS?: string;
  /**
   * Whether a call without an HTTP envelope ends in an error where it would be answered with 429, or 500 and above. To Lambda every
   * answer is a success: an asynchronous call would be neither repeated nor kept. @default "false"
   */
  readonly FAIL_ON_ERROR?: "true" | "false";
}

/** The environment, read. */
export interface Settings {
  readonly endpointName: string;
  readonly modelName: string;
  readonly classCount: number;
  readonly maxImageBytes: number;
  readonly maxFetchBytes: number;
  readonly maxBatch: number;
  readonly allowedOrigins: readonly string[];
  readonly imageHosts: readonly string[];
  readonly imageBuckets: readonly string[];
  readonly classLabels: string | undefined;
  readonly failOnError: boolean;
}

type Variable = keyof FunctionEnvironment;

const origin = /^(?:\*|https?:\/\/[a-z0-9.-]+(?::\d{1,5})?)$/i;
const host = /^(?:\*|(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;
const bucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** As many as a stack file may declare. */
const maximumClasses = 10_000;
/** No folder and no parent: the file lies beside the code. */
const fileName = /^[\w-][\w.-]*$/;

/**
 * Reads the environment block.
 *
 * @throws Error that names every variable that is missing or wrong.
 */
export function readSettings(environment: Readonly<Partial<Record<string, string>>>): Settings {
  const problems: string[] = [];
  const optional = (name: Variable): string | undefined => {
    const value = environment[name]?.trim();
    return value === "" ? undefined : value;
  };
  const text = (name: Variable): string => {
    const value = optional(name);
    if (value === undefined) problems.push(`${name} is not set`);
    return value ?? "";
  };
  const count = (name: Variable, value: string, maximum = 9_999_999_999): number => {
    if (value !== "" && (!/^[1-9]\d{0,9}$/.test(value) || Number(value) > maximum)) {
      const limit = maximum === 9_999_999_999 ? "above 0" : `from 1 to ${maximum}`;
      problems.push(`${name} is "${value}", and must be a whole number ${limit}`);
    }
    return Number(value);
  };
  const list = (name: Variable, form: RegExp, what: string): readonly string[] => {
    const values = (optional(name) ?? "")
      .split(",")
      .map((value) => value.trim())
      .filter((value) => value !== "");
    for (const value of values.filter((one) => !form.test(one)))
      problems.push(`${name} has "${value}", and must list ${what}, separated by commas`);
    return values;
  };
  const file = optional("CLASS_LABELS");
  if (file !== undefined && !fileName.test(file))
    problems.push(
      `CLASS_LABELS is "${file}", and must be the name of a file in the archive, without a folder`,
    );
  const failOnError = optional("FAIL_ON_ERROR") ?? "false";
  if (failOnError !== "true" && failOnError !== "false")
    problems.push(`FAIL_ON_ERROR is "${failOnError}", and must be "true" or "false"`);
  const fetchBytes = optional("MAX_FETCH_BYTES");

  const settings = {
    endpointName: text("ENDPOINT_NAME"),
    modelName: text("MODEL_NAME"),
    classCount: count("CLASS_COUNT", text("CLASS_COUNT"), maximumClasses),
    maxImageBytes: count("MAX_IMAGE_BYTES", text("MAX_IMAGE_BYTES")),
    maxFetchBytes:
      fetchBytes === undefined ? Number(optional("MAX_IMAGE_BYTES")) : count("MAX_FETCH_BYTES", fetchBytes),
    maxBatch: count("MAX_BATCH", optional("MAX_BATCH") ?? "1", 100),
    // Browsers send an origin in lower case: https://fetch.spec.whatwg.org/#origin-header
    allowedOrigins: list("ALLOWED_ORIGINS", origin, 'origins such as "https://example.org", or "*"').map(
      (value) => value.toLowerCase(),
    ),
    imageHosts: list("IMAGE_HOSTS", host, 'hosts such as "example.org" or "*.example.org", or "*"'),
    imageBuckets: list("IMAGE_BUCKETS", bucket, "names of buckets"),
    classLabels: file,
    failOnError: failOnError === "true",
  };
  if (problems.length > 0) throw new Error(`The function's environment is wrong: ${problems.join("; ")}.`);
  return settings;
}
