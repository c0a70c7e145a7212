import Module from "node:module";

type Load = (request: string, parent: { filename?: string } | undefined, isMain: boolean) => unknown;
const loader = Module as unknown as { _load: Load };

/** Modules by the request of their one kind of user, the SDK's code that turns closures into source text. */
const heavy = new Set(["@npmcli/arborist", "../../typescript-shim"]);
const user = /[\\/]@pulumi[\\/]pulumi[\\/]runtime[\\/]closure[\\/][^\\/]+$/;

/**
 * Runs `body` with TypeScript's compiler and npm's tree builder loaded on first use only.
 *
 * The SDK loads both when it starts, about a third of its start-up time, for programs that serialise closures
 * (`CallbackFunction`). Most never do; those that do get the modules when they need them.
 */
export async function withDeferredModules<T>(body: () => Promise<T>): Promise<T> {
  const load = loader._load;
  loader._load = function (request, parent, isMain) {
    return heavy.has(request) && user.test(parent?.filename ?? "")
      ? onFirstUse(() => load.call(this, request, parent, isMain) as object)
      : load.call(this, request, parent, isMain);
  };
  try {
    return await body();
  } finally {
    loader._load = load;
  }
}

function onFirstUse(load: () => object): object {
  let loaded: object | undefined;
  const module = () => {
    loaded ??= load();
    return loaded;
  };
  return new Proxy(
    {},
    {
      // Compiled imports ask this at once, and would copy every export of a module that says no.
      get: (_, key) => (key === "__esModule" ? true : Reflect.get(withDefault(module(), key), key)),
      has: (_, key) => Reflect.has(module(), key),
      ownKeys: () => Reflect.ownKeys(module()),
      getOwnPropertyDescriptor: (_, key) => {
        const descriptor = Reflect.getOwnPropertyDescriptor(module(), key);
        // The proxy's own target has no such property, so it must not be reported as fixed.
        return descriptor === undefined ? undefined : { ...descriptor, configurable: true };
      },
    },
  );
}

function withDefault(module: object, key: string | symbol): object {
  return key === "default" && !("default" in module) ? { default: module } : module;
}
