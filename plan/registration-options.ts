import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type { JsonObject } from "./json-value";
import type { RecordedOptions } from "./recorded";

/** The options that the program set on a registration; protobuf's empty values mean "not set". */
export function registrationOptions(request: resourceProto.RegisterResourceRequest): RecordedOptions {
  const options: RecordedOptions = {};
  if (request.getProtect() === true) options.protect = true;
  if (request.getRetainondelete() === true) options.retainOnDelete = true;
  if (request.getIgnorechangesList().length > 0) options.ignoreChanges = request.getIgnorechangesList();
  if (request.getReplaceonchangesList().length > 0) {
    options.replaceOnChanges = request.getReplaceonchangesList();
  }
  if (request.getDeletebeforereplacedefined()) options.deleteBeforeReplace = request.getDeletebeforereplace();
  const aliases = request
    .getAliasesList()
    .map((alias) => {
      const spec = alias.getSpec();
      return spec === undefined ? alias.getUrn() : aliasSpec(spec.toObject());
    })
    .filter((alias) => !addedBySdk(alias, request));
  if (aliases.length > 0) options.aliases = aliases;
  const timeouts = customTimeouts(request);
  if (Object.keys(timeouts).length > 0) options.customTimeouts = timeouts;
  if (request.getDeletedwith() !== "") options.deletedWith = request.getDeletedwith();
  if (request.getImportid() !== "") options.import = request.getImportid();
  if (request.getAdditionalsecretoutputsList().length > 0) {
    options.additionalSecretOutputs = request.getAdditionalsecretoutputsList();
  }
  return options;
}

function customTimeouts(request: resourceProto.RegisterResourceRequest): JsonObject {
  const timeouts = request.getCustomtimeouts();
  const entries: [string, string | undefined][] = [
    ["create", timeouts?.getCreate()],
    ["update", timeouts?.getUpdate()],
    ["delete", timeouts?.getDelete()],
  ];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => (entry[1] ?? "") !== ""));
}

function aliasSpec(spec: Record<string, unknown>): JsonObject {
  const names: Record<string, string> = { parenturn: "parent", noparent: "noParent" };
  return Object.fromEntries(
    Object.entries(spec)
      .filter((entry): entry is [string, string | boolean] =>
        typeof entry[1] === "boolean" ? entry[1] : (entry[1] ?? "") !== "",
      )
      .map(([key, value]) => [names[key] ?? key, value]),
  );
}

/** Provider SDKs alias the former types of their own resources; the program did not ask for that. */
function addedBySdk(alias: string | JsonObject, request: resourceProto.RegisterResourceRequest): boolean {
  if (typeof alias === "string" || !request.getCustom()) return false;
  const { type, parent, ...rest } = alias;
  const samePackage = typeof type === "string" && type.split(":")[0] === request.getType().split(":")[0];
  return samePackage && Object.keys(rest).length === 0 && (parent ?? "") === request.getParent();
}
