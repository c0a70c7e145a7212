import type { ServerUnaryCall, sendUnaryData } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { answerInvoke } from "../../../plan/fixtures";
import { isJsonObject } from "../../../plan/json-value";
import { simulatedAccount } from "../../../plan/simulated-account";
import { answerLookup } from "../aws/lookups";
import { serve } from "../support/serve-plugin";
import { toStruct } from "./begun";
import { create, read, remove, update } from "./changes";
import { difference } from "./diff";
import { checkedInputs, isAutoNamed, typeOf, withoutNotes } from "./resources";
import { plain, session } from "./session";

/** The provider process: the engine's requests on one side, the simulated account in a folder on the other. */
serve(ResourceProviderService, {
  handshake: (_call, respond) => respond(null, new provider.ProviderHandshakeResponse()),
  getPluginInfo: (_call, respond) => {
    const info = new PluginInfo();
    info.setVersion("7.48.0");
    respond(null, info);
  },
  checkConfig: ({ request }: ServerUnaryCall<provider.CheckRequest, provider.CheckResponse>, respond) => {
    const response = new provider.CheckResponse();
    response.setInputs(request.getNews());
    respond(null, response);
  },
  diffConfig: (_call, respond) => {
    const response = new provider.DiffResponse();
    response.setChanges(provider.DiffResponse.DiffChanges.DIFF_NONE);
    respond(null, response);
  },
  configure,
  invoke,
  check,
  diff,
  create,
  read,
  update,
  delete: remove,
  // The engine says so to a provider that was there before it.
  attach: (_call, respond) => respond(null, new Empty()),
  cancel: (_call, respond) => respond(null, new Empty()),
});

function configure(
  { request }: ServerUnaryCall<provider.ConfigureRequest, provider.ConfigureResponse>,
  respond: sendUnaryData<provider.ConfigureResponse>,
): void {
  const { region, defaultTags } = plain(request.getArgs());
  // The engine hands a provider's nested configuration over as JSON text.
  const tags: unknown = typeof defaultTags === "string" ? JSON.parse(defaultTags) : defaultTags;
  session.settings = {
    account: simulatedAccount(typeof region === "string" ? region : undefined),
    defaultTags: isJsonObject(tags) && isJsonObject(tags.tags) ? tags.tags : {},
  };
  const response = new provider.ConfigureResponse();
  response.setSupportspreview(true);
  respond(null, response);
}

function invoke(
  { request }: ServerUnaryCall<provider.InvokeRequest, provider.InvokeResponse>,
  respond: sendUnaryData<provider.InvokeResponse>,
): void {
  const token = request.getTok();
  const inputs = plain(request.getArgs());
  const answer = answerInvoke(token, inputs, {}, session.settings.account);
  if (answer.kind !== "answer") {
    respond({ code: status.UNKNOWN, details: answer.message });
    return;
  }
  const response = new provider.InvokeResponse();
  response.setReturn(
    toStruct({
      ...answer.result,
      ...answerLookup(session.store.peek(), token, inputs),
      ...session.store.faults().lookups?.[token],
    }),
  );
  respond(null, response);
}

function check(
  { request }: ServerUnaryCall<provider.CheckRequest, provider.CheckResponse>,
  respond: sendUnaryData<provider.CheckResponse>,
): void {
  const urn = request.getUrn();
  const olds = request.getOlds();
  const made = session.store.peek().made[urn] ?? 0;
  const before = olds === undefined ? undefined : plain(olds);
  const response = new provider.CheckResponse();
  response.setInputs(toStruct(checkedInputs(urn, plain(request.getNews()), before, made, session.settings)));
  respond(null, response);
}

function diff(
  { request }: ServerUnaryCall<provider.DiffRequest, provider.DiffResponse>,
  respond: sendUnaryData<provider.DiffResponse>,
): void {
  const news = plain(request.getNews());
  const oldInputs = withoutNotes(plain(request.getOldInputs()));
  const olds = session.store.faults().compares === "inputs" ? oldInputs : plain(request.getOlds());
  const { properties, replaces } = difference(typeOf(request.getUrn()), oldInputs, olds, withoutNotes(news));
  const { DIFF_SOME, DIFF_NONE } = provider.DiffResponse.DiffChanges;
  const response = new provider.DiffResponse();
  response.setChanges(properties.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList(properties);
  response.setReplacesList(replaces);
  // Two of one name cannot stand beside each other.
  response.setDeletebeforereplace(
    replaces.length > 0 && !replaces.includes("name") && !isAutoNamed(request.getUrn(), news),
  );
  respond(null, response);
}
