import { type ServerUnaryCall, type sendUnaryData, status } from "@grpc/grpc-js";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { JsonObject } from "../../../plan/json-value";
import { type Aws, AwsError } from "../aws/cloud";
import { createObject, deleteObject, describe, findObject, updateObject } from "../aws/control-plane";
import { begun, toStruct } from "./begun";
import { findImported } from "./imports";
import {
  containsUnknown,
  inputsRead,
  newResource,
  previewed,
  previewedUpdate,
  typeOf,
  updatedProperties,
  withoutFiles,
} from "./resources";
import { changing, plain, session } from "./session";

export function create(
  { request }: ServerUnaryCall<provider.CreateRequest, provider.CreateResponse>,
  respond: sendUnaryData<provider.CreateResponse>,
): void {
  const urn = request.getUrn();
  const inputs = plain(request.getProperties());
  const answer = (id: string, properties: JsonObject) => {
    const response = new provider.CreateResponse();
    response.setId(id);
    response.setProperties(toStruct(properties));
    respond(null, response);
  };
  const made = session.store.peek().made[urn] ?? 0;
  const { id, properties } = newResource(urn, inputs, made, session.settings);
  if (request.getPreview()) {
    answer("", previewed(inputs, properties));
    return;
  }
  if (refusesUnknowns(urn, inputs, respond)) return;
  const object = { type: typeOf(urn), id, urn, properties: withoutFiles(properties) as JsonObject, live: {} };
  try {
    const made = changing(urn, (aws) => createObject(aws, object));
    answer(made.id, withFiles(made.properties, properties));
  } catch (error) {
    const refused = asAwsError(error);
    respond(
      refused.leavesResource
        ? begun(refused.message, id, withFiles(object.properties, properties), inputs)
        : { code: status.UNKNOWN, details: refused.message },
    );
  }
}

export function read(
  { request }: ServerUnaryCall<provider.ReadRequest, provider.ReadResponse>,
  respond: sendUnaryData<provider.ReadResponse>,
): void {
  const aws: Aws = { cloud: session.store.read(), faults: session.store.faults() };
  const known = plain(request.getProperties());
  const type = typeOf(request.getUrn());
  // Without properties it is an import, by the id that people give; the provider answers with its own.
  const imports = Object.keys(known).length === 0;
  const object = imports ? findImported(aws, type, request.getId()) : findObject(aws, type, request.getId());
  const response = new provider.ReadResponse();
  if (object !== undefined) {
    const described = withFiles(describe(aws, object), known);
    response.setId(object.id);
    response.setProperties(toStruct(described));
    response.setInputs(toStruct(inputsRead(plain(request.getInputs()), described)));
  }
  respond(null, response);
}

export function update(
  { request }: ServerUnaryCall<provider.UpdateRequest, provider.UpdateResponse>,
  respond: sendUnaryData<provider.UpdateResponse>,
): void {
  const urn = request.getUrn();
  const id = request.getId();
  const olds = plain(request.getOlds());
  const news = plain(request.getNews());
  const next = updatedProperties(urn, olds, plain(request.getOldInputs()), news, session.settings);
  const answer = (properties: JsonObject) => {
    const response = new provider.UpdateResponse();
    response.setProperties(toStruct(properties));
    respond(null, response);
  };
  if (request.getPreview()) {
    answer(previewedUpdate(urn, olds, next));
    return;
  }
  if (refusesUnknowns(urn, news, respond)) return;
  try {
    const made = changing(urn, (aws) => {
      const object = findObject(aws, typeOf(urn), id);
      if (object === undefined) throw new AwsError("NotFound", `${typeOf(urn)} ${id} does not exist.`);
      return updateObject(aws, object, withoutFiles(next) as JsonObject);
    });
    answer(withFiles(made, next));
  } catch (error) {
    respond({ code: status.UNKNOWN, details: asAwsError(error).message });
  }
}

export function remove(
  { request }: ServerUnaryCall<provider.DeleteRequest, Empty>,
  respond: sendUnaryData<Empty>,
): void {
  const type = typeOf(request.getUrn());
  try {
    changing(request.getUrn(), (aws) => deleteObject(aws, type, request.getId()));
    respond(null, new Empty());
  } catch (error) {
    respond({ code: status.UNKNOWN, details: asAwsError(error).message });
  }
}

/** What the account keeps has digests in place of files; the engine wants the files that it sent. */
function withFiles(kept: JsonObject, sent: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(kept).map(([key, value]) => {
      const own = sent[key];
      const isFile = own !== undefined && JSON.stringify(withoutFiles(own)) === JSON.stringify(value);
      return [key, isFile ? own : value];
    }),
  );
}

function refusesUnknowns<T>(urn: string, inputs: JsonObject, respond: sendUnaryData<T>): boolean {
  const unknown = containsUnknown(inputs);
  if (unknown) respond({ code: status.INVALID_ARGUMENT, details: `${urn} has unknown inputs.` });
  return unknown;
}

function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  throw error;
}
