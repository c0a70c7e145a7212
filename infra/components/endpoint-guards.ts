import type { Endpoint, EndpointConfiguration } from "@pulumi/aws/sagemaker";
import * as pulumi from "@pulumi/pulumi";
import type { Place } from "../rules/place";
import { alarmsMessage, type RollbackAlarms } from "../rules/rollback-alarms";
import { rollbackMessage } from "../rules/rollback-guard";
import { withoutStack } from "../rules/without-stack";

export interface NotedEndpoint {
  readonly endpointName: string;
  readonly wanted: RollbackAlarms;
  /** Whether the endpoint refuses to be replaced. Where it does not, nothing is noted and nothing is refused. */
  readonly protect: boolean;
}

/**
 * Physical name of an endpoint, once it is certain that its rollback alarms are neither added nor removed.
 *
 * A program does not see what is in the state. A stash keeps the value that it was made with, so that later runs, previews among
 * them, can tell the difference and say why it is refused before the endpoint is registered.
 */
export function nameUnlessRefused(
  name: string,
  { endpointName, wanted, protect }: NotedEndpoint,
  opts: pulumi.CustomResourceOptions,
): pulumi.Input<string> {
  if (!protect) return endpointName;
  const note = new pulumi.Stash(`${name}-rollback-alarms`, { input: wanted }, opts);
  return pulumi.all([note.output, note.urn]).apply(([made, noteUrn]) => {
    const message = alarmsMessage({ endpointName, made: made ?? wanted, wanted, noteUrn });
    if (message === undefined) return endpointName;
    throw withoutStack(new pulumi.ResourceError(message, note, true));
  });
}

export interface UpdatedEndpoint {
  readonly endpointName: string;
  readonly endpoint: Endpoint;
  /** What the endpoint was asked to serve. */
  readonly config: EndpointConfiguration;
  /** SHA-256 of the model in `config`. */
  readonly wantedDigest: string;
  readonly place: Place;
}

/**
 * The digest that answers. Fails outside previews when SageMaker has gone back to another configuration.
 *
 * The provider takes an update that was rolled back for success, and the next one for "unchanged": what answers is compared each time. A
 * hook would notice only once.
 */
export function digestUnlessRolledBack(updated: UpdatedEndpoint): pulumi.Output<string> {
  const { endpointName, endpoint, config, wantedDigest, place } = updated;
  return pulumi.all([endpoint.endpointConfigName, config.name]).apply(([liveConfig, wantedConfig]) => {
    const message = rollbackMessage({ endpointName, liveConfig, wantedConfig, wantedDigest, place });
    if (message === undefined || pulumi.runtime.isDryRun()) return wantedDigest;
    throw withoutStack(new pulumi.ResourceError(message, endpoint, true));
  });
}
