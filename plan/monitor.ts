import type * as resourceProto from "@pulumi/pulumi/proto/resource_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { messageOf, ProgramError } from "./errors";
import { answerInvoke, type InvokeFixtures, noStackReference, stackReferenceOutputs } from "./fixtures";
import { byCodeUnit, type JsonObject, type JsonValue } from "./json-value";
import { runTransforms, TransformRegistry } from "./monitor-transforms";
import type { PulumiSdk } from "./pulumi-sdk";
import type { UsedFixture } from "./recorded";
import { newRegistration, plain, type Registration, readRegistration } from "./registration";
import { simulate } from "./simulate-outputs";
import { type SimulatedAccount, simulatedAccount } from "./simulated-account";
import { containsSecret, unknownSentinel, withoutSecret } from "./wire";

export interface MonitorSettings {
  project: string;
  stack: string;
  preview: boolean;
  region: string | undefined;
  fixtures: InvokeFixtures;
  secretKeys: readonly string[];
}

type Callback = (error: unknown, response?: unknown) => void;

/**
 * Answers the SDK in the engine's place and records every registration with its options and dependencies.
 *
 * Unlike the SDK's own `MockMonitor` it keeps the protobuf values as they are, so that secrets stay marked and
 * unknowns stay unknown, refuses a URN that was registered before, and applies transforms.
 */
export class RecordingMonitor {
  readonly registrations = new Map<string, Registration>();
  readonly fixturesUsed = new Map<string, UsedFixture>();
  /** Failures that end a real update even when the program goes on after them; the first one tells the cause. */
  readonly problems: ProgramError[] = [];
  stackOutputs: JsonObject = {};
  /** Config keys whose values a default provider receives as secrets. */
  readonly secretKeys: ReadonlySet<string>;
  private readonly account: SimulatedAccount;
  private readonly transforms = new TransformRegistry();

  constructor(
    private readonly sdk: PulumiSdk,
    private readonly settings: MonitorSettings,
  ) {
    this.account = simulatedAccount(settings.region);
    this.secretKeys = new Set(settings.secretKeys);
  }

  registerResource(request: resourceProto.RegisterResourceRequest, callback: Callback): void {
    this.answer(callback, async () => {
      const parent = request.getParent();
      const urn = this.urnOf(parent, request.getType(), request.getName());
      this.transforms.recordResource(urn, parent, request.getTransformsList());
      await runTransforms(this.sdk, this.transforms, request);
      return this.register(request, urn);
    });
  }

  readResource(request: resourceProto.ReadResourceRequest, callback: Callback): void {
    this.answer(callback, async () => {
      const inputs = plain(request.getProperties());
      const type = request.getType();
      const urn = this.urnOf(request.getParent(), type, request.getName());
      const outputs =
        type === "pulumi:pulumi:StackReference"
          ? this.readStackReference(request.getId(), inputs)
          : this.read(urn, request.getId(), type, request.getName(), inputs, request.getProvider());
      this.registrations.set(urn, readRegistration(request, urn, inputs, outputs));
      const response = new this.sdk.resource.ReadResourceResponse();
      response.setUrn(urn);
      response.setProperties(this.struct(outputs));
      return response;
    });
  }

  invoke(request: resourceProto.ResourceInvokeRequest, callback: Callback): void {
    this.answer(callback, async () => {
      const token = request.getTok();
      const inputs = plain(request.getArgs());
      const response = new this.sdk.resource.ResourceInvokeResponse();
      if (token === "pulumi:pulumi:getResource") {
        response.setReturn(this.struct(this.getResource(String(inputs.urn))));
        return response;
      }
      const found = answerInvoke(
        token,
        inputs,
        this.settings.fixtures,
        this.accountFor(request.getProvider()),
      );
      if (found.kind === "missing") throw this.problem(found.message);
      if (found.kind === "failure") throw new Error(found.message);
      this.fixturesUsed.set(token, { token, source: found.source });
      response.setReturn(this.struct(found.result));
      return response;
    });
  }

  /** Methods of multi-language components: what they compute exists nowhere in this process. */
  call(request: resourceProto.ResourceCallRequest, callback: Callback): void {
    this.answer(callback, async () => {
      throw this.problem(
        `The program calls the method ${request.getTok()} of a component in another language; a plan cannot run it.`,
      );
    });
  }

  existsResource(request: resourceProto.ExistsResourceRequest, callback: Callback): void {
    this.answer(callback, async () => {
      const response = new this.sdk.resource.ExistsResourceResponse();
      response.setExists(
        [...this.registrations.values()].some(
          (r) => r.id === request.getId() && r.type === request.getType(),
        ),
      );
      return response;
    });
  }

  registerResourceOutputs(request: resourceProto.RegisterResourceOutputsRequest, callback: Callback): void {
    this.answer(callback, async () => {
      const outputs = plain(request.getOutputs());
      const registration = this.registrations.get(request.getUrn());
      if (registration !== undefined) registration.outputs = outputs;
      if (registration?.type === "pulumi:pulumi:Stack") this.stackOutputs = outputs;
      return {};
    });
  }

  registerStackTransform(request: { getToken(): string }, callback: Callback): void {
    this.transforms.stack.push(request.getToken());
    callback(null, {});
  }

  registerStackInvokeTransform(_request: unknown, callback: Callback): void {
    this.answer(callback, async () => {
      throw this.problem(
        "The program transforms invokes (registerInvokeTransform), which a plan does not support.",
      );
    });
  }

  /** Hooks run while resources are created; a plan creates nothing. */
  registerResourceHook(_request: unknown, callback: Callback): void {
    callback(null, {});
  }

  registerErrorHook(_request: unknown, callback: Callback): void {
    callback(null, {});
  }

  registerPackage(_request: unknown, callback: Callback): void {
    this.answer(callback, async () => {
      const response = new this.sdk.resource.RegisterPackageResponse();
      response.setRef("plan");
      return response;
    });
  }

  supportsFeature(request: resourceProto.SupportsFeatureRequest, callback: Callback): void {
    callback(null, { getHassupport: () => request.getId() !== "outputValues" });
  }

  getDeploymentInfo(_request: unknown, callback: Callback): void {
    const feature = this.sdk.resource.ResourceMonitorFeature;
    const response = new this.sdk.resource.DeploymentInfo();
    // Output values are for providers in other languages; invoke gates need an engine that knows what is pending.
    const unsupported = ["OUTPUT_VALUES", "INVOKE_DEPENDS_ON", "UNSPECIFIED"];
    response.setSupportedfeaturesList(
      Object.entries(feature)
        .filter(([name]) => !unsupported.some((suffix) => name.endsWith(suffix)))
        .map(([, id]) => id)
        .filter((id): id is resourceProto.ResourceMonitorFeature => typeof id === "number"),
    );
    callback(null, response);
  }

  signalAndWaitForShutdown(_request: unknown, callback: Callback): void {
    callback(null, {});
  }

  close(): void {}

  private register(
    request: resourceProto.RegisterResourceRequest,
    urn: string,
  ): resourceProto.RegisterResourceResponse {
    const type = request.getType();
    const name = request.getName();
    if (request.getRemote()) {
      throw this.problem(`${type} "${name}" is a component in another language; a plan cannot build it.`);
    }
    if (this.registrations.has(urn)) {
      throw this.problem(`Duplicate resource URN '${urn}'; give one of the two resources another name.`);
    }
    const inputs = plain(request.getObject());
    const custom = request.getCustom();
    const simulation = custom
      ? this.simulateCustom(urn, type, name, inputs, request.getProvider())
      : undefined;
    const registration = newRegistration(request, urn, inputs, simulation);
    this.registrations.set(urn, registration);
    const response = new this.sdk.resource.RegisterResourceResponse();
    response.setUrn(urn);
    response.setId(registration.id);
    response.setObject(this.struct(registration.outputs));
    // The SDK writes every response into a debug message that nobody reads here, and protobuf's own text is expensive.
    response.toString = () => urn;
    return response;
  }

  private simulateCustom(urn: string, type: string, name: string, inputs: JsonObject, provider: string) {
    const account = this.accountFor(provider);
    const simulation = simulate({ urn, type, name, inputs, account });
    // What the engine makes by itself, providers and stashes, it knows in a preview too.
    if (!this.settings.preview || type.startsWith("pulumi:")) return simulation;
    // A preview knows the automatic name, which Check draws, and nothing that a provider computes.
    const computed = Object.fromEntries(
      Object.keys(simulation.computed).map((key) => [key, unknownSentinel]),
    );
    return { ...simulation, computed, id: "" };
  }

  private read(
    urn: string,
    id: string,
    type: string,
    name: string,
    inputs: JsonObject,
    provider: string,
  ): JsonObject {
    const account = this.accountFor(provider);
    const { computed, defaults } = simulate({ urn, type, name, inputs: { ...inputs, name: id }, account });
    return { ...computed, ...defaults, ...inputs };
  }

  private readStackReference(id: string, inputs: JsonObject): JsonObject {
    const outputs = stackReferenceOutputs(id, this.settings.fixtures);
    if (outputs === undefined) throw this.problem(noStackReference(id, this.settings.fixtures));
    this.fixturesUsed.set(`stackReferences ${id}`, { token: `stackReferences ${id}`, source: "declared" });
    const secretOutputNames = Object.keys(outputs)
      .filter((key) => containsSecret(outputs[key] as JsonValue))
      .sort(byCodeUnit);
    return { ...inputs, name: id, outputs, secretOutputNames };
  }

  private getResource(urn: string): JsonObject {
    const found = this.registrations.get(urn);
    if (found === undefined) throw this.problem(`The program looks up ${urn}, which it has not registered.`);
    return { urn, id: found.id, state: found.outputs };
  }

  private accountFor(provider: string): SimulatedAccount {
    const urn = provider.split("::").slice(0, 4).join("::");
    const region = withoutSecret(this.registrations.get(urn)?.inputs.region);
    return typeof region === "string" ? simulatedAccount(region) : this.account;
  }

  private urnOf(parent: string, type: string, name: string): string {
    const parentType = parent === "" ? "" : (parent.split("::")[2] ?? "");
    const qualified =
      parentType === "" || parentType === "pulumi:pulumi:Stack" ? type : `${parentType}$${type}`;
    return `urn:pulumi:${this.settings.stack}::${this.settings.project}::${qualified}::${name}`;
  }

  private problem(message: string): ProgramError {
    const error = new ProgramError(message);
    this.problems.push(error);
    return error;
  }

  private struct(value: JsonObject): Struct {
    return this.sdk.Struct.fromJavaScript(value);
  }

  /** The SDK reads `details` of a failed invoke and `message` of everything else, as gRPC errors carry both. */
  private answer(callback: Callback, body: () => Promise<unknown>): void {
    body().then(
      (response) => callback(null, response),
      (thrown: unknown) => {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown));
        callback(Object.assign(error, { details: messageOf(thrown) }), undefined);
      },
    );
  }
}
