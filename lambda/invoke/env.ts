/**
 * The environment block of the function. The program that deploys it writes exactly this type, so that a variable can be
 * neither forgotten nor misspelt on one side only.
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
}

/** The environment, read. */
export interface Settings {
  readonly endpointName: string;
  readonly modelName: string;
  readonly classCount: number;
  readonly maxImageBytes: number;
}

/**
 * Reads the environment block.
 *
 * @throws Error that names every variable that is missing or wrong.
 */
export function readSettings(environment: Readonly<Partial<Record<string, string>>>): Settings {
  const problems: string[] = [];
  const text = (name: keyof FunctionEnvironment): string => {
    const value = environment[name] ?? "";
    if (value === "") problems.push(`${name} is not set`);
    return value;
  };
  const count = (name: keyof FunctionEnvironment): number => {
    const value = text(name);
    if (value !== "" && !/^[1-9]\d{0,9}$/.test(value))
      problems.push(`${name} is "${value}", and must be a whole number above 0`);
    return Number(value);
  };
  const settings = {
    endpointName: text("ENDPOINT_NAME"),
    modelName: text("MODEL_NAME"),
    classCount: count("CLASS_COUNT"),
    maxImageBytes: count("MAX_IMAGE_BYTES"),
  };
  if (problems.length > 0) throw new Error(`The function's environment is wrong: ${problems.join("; ")}.`);
  return settings;
}
