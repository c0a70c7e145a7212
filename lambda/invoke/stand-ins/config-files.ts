/** By `tryNextLink` the SDK goes on to what it takes where nothing is set. */
const nothing = Object.assign(new Error("A function has no configuration files."), { tryNextLink: true });

/**
 * Stands in the archive for what looks into `~/.aws/config` and `~/.aws/credentials`: the SDK does so for each setting that it finds
 * neither in its configuration nor in the environment. No Lambda environment has these files.
 */
export function fromSharedConfigFiles(): () => Promise<never> {
  return () => Promise.reject(nothing);
}
