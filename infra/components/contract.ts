import { Parameter } from "@pulumi/aws/ssm";
import * as pulumi from "@pulumi/pulumi";
import {
  type ContractEndpoint,
  contractParameter,
  endpointParameter,
  endpointsPath,
  type Contract as Outputs,
} from "../outputs";
import { applyInput } from "./apply-input";

export interface ContractArgs {
  /** Path of the parameters, without a slash at the end: `/sagemaker-ops/dev`. */
  readonly parameterPrefix: string;
  /** `stack` and `region` of the contract. */
  readonly origin: Pick<Outputs, "stack" | "region">;
  /**
   * Deployed endpoints by their name in the configuration: one parameter each, which changes only with its endpoint.
   */
  readonly endpoints: Readonly<Record<string, pulumi.Input<ContractEndpoint>>>;
  /** What the stack promises to other teams. */
  readonly outputs: pulumi.Input<Outputs>;
}

/**
 * The outputs as SSM parameters, for consumers that do not use Pulumi or may not read the stack's state. Plain strings:
 * nothing in the contract is secret, so `insecureValue` lets a preview show what changes.
 */
export class Contract extends pulumi.ComponentResource {
  /** Name of the parameter with the whole contract. */
  readonly parameterName: pulumi.Output<string>;

  constructor(name: string, args: ContractArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:contract:Contract", name, {}, opts);
    const { parameterPrefix, origin, endpoints } = args;

    for (const [endpointName, endpoint] of Object.entries(endpoints)) {
      new Parameter(
        `${name}-${endpointName}`,
        {
          name: `${endpointsPath(parameterPrefix)}/${endpointName}`,
          description: `How to call the endpoint ${endpointName}`,
          type: "String",
          tier: "Standard",
          insecureValue: applyInput(endpoint, (entry) =>
            endpointParameter({ ...origin, endpoints: { [endpointName]: entry } }, endpointName),
          ),
        },
        { parent: this },
      );
    }
    const whole = new Parameter(
      `${name}-contract`,
      {
        name: `${parameterPrefix}/contract`,
        description: "Outputs contract of the stack",
        type: "String",
        tier: "Standard",
        insecureValue: applyInput(args.outputs, (contract) => contractParameter(contract, parameterPrefix)),
      },
      { parent: this },
    );

    this.parameterName = whole.name;
    this.registerOutputs({ parameterName: this.parameterName });
  }
}
