import { Metadata, status } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JsonObject } from "../../../plan/json-value";

export interface Refusal {
  readonly code: number;
  readonly details: string;
  readonly metadata?: Metadata;
}

/** The call failed and the resource is there: the engine keeps it in the state, and makes it anew the next time. */
export function begun(message: string, id: string, properties: JsonObject, inputs: JsonObject): Refusal {
  const detail = new ErrorResourceInitFailed();
  detail.setId(id);
  detail.setProperties(toStruct(properties));
  detail.setInputs(toStruct(inputs));
  detail.setReasonsList([message]);
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const whole = new Status();
  whole.setCode(status.UNKNOWN);
  whole.setMessage(message);
  whole.addDetails(any);
  const metadata = new Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(whole.serializeBinary()));
  return { code: status.UNKNOWN, details: message, metadata };
}

/** The library takes no property that is undefined. */
export function toStruct(value: JsonObject): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(value)));
}
