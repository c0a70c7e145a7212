import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type { PulumiSdk } from "./pulumi-sdk";

type TransformCallback = { getToken(): string };

/** Which transforms apply to which resource. */
export class TransformRegistry {
  /** Tokens of transforms for the whole stack, in registration order. */
  readonly stack: string[] = [];
  private readonly own = new Map<string, string[]>();
  private readonly parents = new Map<string, string>();

  recordResource(urn: string, parent: string, transforms: readonly TransformCallback[]): void {
    this.parents.set(urn, parent);
    if (transforms.length > 0) {
      this.own.set(
        urn,
        transforms.map((transform) => transform.getToken()),
      );
    }
  }

  /** The engine's order: the resource's own, its parents' from the inside out, then the stack's. */
  tokensFor(own: readonly TransformCallback[], parent: string): string[] {
    const tokens = own.map((transform) => transform.getToken());
    for (let current = parent; current !== ""; current = this.parents.get(current) ?? "") {
      tokens.push(...(this.own.get(current) ?? []));
    }
    return [...tokens, ...this.stack];
  }
}

/**
 * Applies transforms (`transforms: [...]`, `registerResourceTransform`) to a registration in place.
 *
 * The engine calls them over gRPC; here the SDK's callback table is called directly, with the same messages.
 */
export async function runTransforms(
  sdk: PulumiSdk,
  registry: TransformRegistry,
  request: resourceProto.RegisterResourceRequest,
): Promise<void> {
  const tokens = registry.tokensFor(request.getTransformsList(), request.getParent());
  for (const token of tokens) {
    const callback = sdk.store().callbacks?._callbacks.get(token);
    if (callback === undefined) continue;
    const answer = await callback(transformRequest(sdk, request).serializeBinary());
    applyTransform(request, answer as resourceProto.TransformResponse);
  }
}

function transformRequest(
  sdk: PulumiSdk,
  request: resourceProto.RegisterResourceRequest,
): resourceProto.TransformRequest {
  const options = new sdk.resource.TransformResourceOptions();
  options.setDependsOnList(request.getDependenciesList());
  const protect = request.getProtect();
  if (protect !== undefined) options.setProtect(protect);
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setVersion(request.getVersion());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  const timeouts = request.getCustomtimeouts();
  if (timeouts !== undefined) options.setCustomTimeouts(timeouts);
  const retain = request.getRetainondelete();
  if (retain !== undefined) options.setRetainOnDelete(retain);
  options.setDeletedWith(request.getDeletedwith());
  if (request.getDeletebeforereplacedefined())
    options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  options.setImport(request.getImportid());
  const message = new sdk.resource.TransformRequest();
  message.setType(request.getType());
  message.setName(request.getName());
  message.setCustom(request.getCustom());
  message.setParent(request.getParent());
  const properties = request.getObject();
  if (properties !== undefined) message.setProperties(properties);
  message.setOptions(options);
  return message;
}

function applyTransform(
  request: resourceProto.RegisterResourceRequest,
  answer: resourceProto.TransformResponse,
): void {
  const properties = answer.getProperties();
  if (properties !== undefined) request.setObject(properties);
  const options = answer.getOptions();
  if (options === undefined) return;
  request.setDependenciesList(options.getDependsOnList());
  if (options.hasProtect()) request.setProtect(options.getProtect() ?? false);
  request.setIgnorechangesList(options.getIgnoreChangesList());
  request.setReplaceonchangesList(options.getReplaceOnChangesList());
  request.setAliasesList(options.getAliasesList());
  request.setProvider(options.getProvider());
  request.setVersion(options.getVersion());
  request.setCustomtimeouts(options.getCustomTimeouts());
  if (options.hasRetainOnDelete()) request.setRetainondelete(options.getRetainOnDelete() ?? false);
  request.setDeletedwith(options.getDeletedWith());
  // The SDK hands an unset option to the transform as false and gets it back as such.
  if (options.getDeleteBeforeReplace() === true || request.getDeletebeforereplacedefined()) {
    request.setDeletebeforereplacedefined(true);
    request.setDeletebeforereplace(options.getDeleteBeforeReplace() ?? false);
  }
  request.setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList());
  request.setImportid(options.getImport());
}
