import type { Policies } from "@pulumi/policy";
import type { Rule } from "../rule";
import { faster } from "./faster";
import { grpcServers, sdkServer } from "./sdk";

/**
 * Starts the pack so that requests are read by what the rules look at. The SDK makes objects of everything in a request, for every rule
 * anew: of a stack of 5,000 resources that is most of the time. Levels, settings, and how rules are asked and report stay with the SDK.
 * What cannot be answered this way is answered by the SDK as if this were not here, and so is everything under an SDK of another make.
 * Why: docs/decisions/0008-properties-copied-once.md.
 *
 * @param start makes the PolicyPack.
 */
export function serveFast(rules: readonly Rule[], start: () => void): void {
  const sdk = sdkServer();
  const servers = grpcServers();
  if (sdk === undefined || servers === undefined) {
    start();
    return;
  }
  const { serve } = sdk;
  const { addService } = servers;
  sdk.serve = (name, version, level, pack, config) => {
    const { policies = [] } = pack;
    const handlerOf = (some: Policies) => sdk.makeAnalyzeRpcFun(name, version, level, some);
    servers.addService = function (methods, handlers) {
      const service = faster({ methods, handlers }, rules, policies, handlerOf);
      addService.call(this, service.methods, service.handlers);
    };
    serve(name, version, level, pack, config);
  };
  try {
    start();
  } finally {
    sdk.serve = serve;
    servers.addService = addService;
  }
}
