type Variables = Readonly<Record<string, string>>;

/** What is set, by whoever has not put it back yet; the newest is last. */
const active: Variables[] = [];
/** Of each variable that is set: its value before anybody did. */
const original = new Map<string, string | undefined>();

/**
 * Sets variables of this process until the returned function is called. Runs may overlap, and end in any order: the last one puts back what was
 * there before the first.
 *
 * @throws Error where one that is under way has given a variable another value: each would read the other's.
 */
export function setEnvironment(variables: Variables): () => void {
  for (const [key, value] of Object.entries(variables)) {
    const taken = active.find((one) => one[key] !== undefined && one[key] !== value);
    if (taken !== undefined)
      throw new Error(
        `Two runs at once want another ${key}: ${taken[key]} and ${value}. Let one wait for the other.`,
      );
  }
  for (const key of Object.keys(variables)) if (!original.has(key)) original.set(key, process.env[key]);
  active.push(variables);
  Object.assign(process.env, variables);
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    active.splice(active.indexOf(variables), 1);
    for (const key of Object.keys(variables)) if (!active.some((one) => key in one)) putBack(key);
  };
}

function putBack(key: string): void {
  const value = original.get(key);
  original.delete(key);
  if (value === undefined) delete process.env[key];
  else process.env[key] = value;
}

/**
 * Remembers all variables; the returned function puts them back. An object in place of `process.env` would be none that Node's own
 * functions read, such as `os.tmpdir`.
 */
export function keptEnvironment(): () => void {
  const kept = { ...process.env };
  return () => {
    for (const key of Object.keys(process.env)) if (!(key in kept)) delete process.env[key];
    Object.assign(process.env, kept);
  };
}
