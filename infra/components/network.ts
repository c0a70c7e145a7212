import * as ec2 from "@pulumi/aws/ec2";
import { getAvailabilityZonesOutput } from "@pulumi/aws/getAvailabilityZones";
import * as vpc from "@pulumi/aws/vpc";
import * as pulumi from "@pulumi/pulumi";
import type { StackConfig } from "../config/schema/stack";
import { privateSubnetCidrs } from "../rules/cidr";
import { chooseZones, endpointServiceName, interfaceEndpointServices } from "../rules/vpc";
import type { StackContext } from "./context";
import { VpcFlowLogs } from "./vpc-flow-logs";

type NetworkConfig = StackConfig["network"];

export interface NetworkArgs {
  readonly context: StackContext;
  /** The configuration's section, where it asks for a network. */
  readonly network: Exclude<NetworkConfig, { kind: "none" }>;
  /** Whether a training box will live here and be reached by Session Manager. @default false */
  readonly hasTrainingBox?: boolean;
  /** ARN of the stack's key, which then encrypts the flow logs. @default - no key */
  readonly keyArn?: pulumi.Input<string> | undefined;
}

/**
 * Private subnets and the security group of what runs in them.
 *
 * A created network has no internet gateway and no NAT: nothing in it reaches the internet, and nothing from there
 * reaches it. AWS services are reached through VPC endpoints.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** One subnet per zone, at least two. */
  readonly subnetIds: pulumi.Output<string[]>;
  /** Of jobs, models, notebook and training box. */
  readonly securityGroupId: pulumi.Output<string>;
  /** What a user of the network waits for: without the endpoints its first call would hang. */
  readonly settled: readonly pulumi.Resource[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:network:Network", name, {}, opts);

    const { network } = args;
    if (network.kind === "existing") {
      this.vpcId = pulumi.output(network.vpcId);
      this.subnetIds = pulumi.output([...network.subnetIds]);
      const group = this.workloadGroup(name, this.vpcId);
      // The way to AWS in a network of others is theirs to choose, endpoints or NAT; TLS is all that leaves.
      const egress = this.egress(
        `${name}-workload-https`,
        group,
        { cidrIpv4: "0.0.0.0/0", ...https },
        "HTTPS",
      );
      this.securityGroupId = group.id;
      this.settled = [egress, ...this.withinGroup(name, group)];
    } else {
      const created = this.create(name, args, network);
      this.vpcId = created.vpcId;
      this.subnetIds = pulumi.output(created.subnetIds);
      this.securityGroupId = created.securityGroupId;
      this.settled = created.settled;
    }
    this.registerOutputs({
      vpcId: this.vpcId,
      subnetIds: this.subnetIds,
      securityGroupId: this.securityGroupId,
    });
  }

  private create(name: string, args: NetworkArgs, network: Extract<NetworkConfig, { kind: "create" }>) {
    const { context, hasTrainingBox = false, keyArn } = args;
    const { region } = context.place;
    const child = { parent: this };
    const main = new ec2.Vpc(
      name,
      {
        cidrBlock: network.cidrBlock,
        // Private DNS names of endpoints need both.
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: { Name: `${context.naming.project}-${context.naming.environment}` },
      },
      child,
    );
    // Adopts the group that every VPC comes with and takes its rules away (Security Hub EC2.2).
    new ec2.DefaultSecurityGroup(`${name}-default-group`, { vpcId: main.id, ingress: [], egress: [] }, child);
    new VpcFlowLogs(
      `${name}-flow-logs`,
      { context, vpcId: main.id, retentionInDays: network.flowLogDays, keyArn },
      child,
    );

    const { subnets, routeTable } = this.subnets(name, main, network, region);
    const s3 = new ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: main.id,
        serviceName: endpointServiceName(region, "s3"),
        vpcEndpointType: "Gateway",
        routeTableIds: [routeTable.id],
      },
      child,
    );
    const workload = this.workloadGroup(name, main.id);
    const endpointsGroup = new ec2.SecurityGroup(
      `${name}-endpoints`,
      { vpcId: main.id, description: "VPC endpoints: HTTPS from the workload group" },
      child,
    );
    const rules = [
      new vpc.SecurityGroupIngressRule(
        `${name}-endpoints-https`,
        {
          securityGroupId: endpointsGroup.id,
          referencedSecurityGroupId: workload.id,
          ...https,
          description: "HTTPS from the workload group",
        },
        child,
      ),
      this.egress(
        `${name}-workload-endpoints`,
        workload,
        { referencedSecurityGroupId: endpointsGroup.id, ...https },
        "HTTPS to the VPC endpoints",
      ),
      this.egress(
        `${name}-workload-s3`,
        workload,
        { prefixListId: s3.prefixListId, ...https },
        "HTTPS to S3 through the gateway endpoint",
      ),
      ...this.withinGroup(name, workload),
    ];
    const endpoints = interfaceEndpointServices({
      trainingBox: hasTrainingBox,
      kms: keyArn !== undefined,
    }).map(
      (service) =>
        new ec2.VpcEndpoint(
          `${name}-${service.replace(".", "-")}`,
          {
            vpcId: main.id,
            serviceName: endpointServiceName(region, service),
            vpcEndpointType: "Interface",
            privateDnsEnabled: true,
            subnetIds: subnets.map(({ id }) => id),
            securityGroupIds: [endpointsGroup.id],
          },
          child,
        ),
    );
    return {
      vpcId: main.id,
      subnetIds: subnets.map(({ id }) => id),
      securityGroupId: workload.id,
      settled: [s3, ...rules, ...endpoints],
    };
  }

  private subnets(
    name: string,
    main: ec2.Vpc,
    { cidrBlock, zoneCount }: Extract<NetworkConfig, { kind: "create" }>,
    region: string,
  ) {
    const child = { parent: this };
    const zones = getAvailabilityZonesOutput(
      // Local and Wavelength Zones are opted into, and sell neither SageMaker nor most endpoints.
      { state: "available", filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] },
      child,
    ).apply(({ names }) => chooseZones(names, zoneCount, region));
    const routeTable = new ec2.RouteTable(`${name}-private`, { vpcId: main.id }, child);
    const subnets = privateSubnetCidrs(cidrBlock, zoneCount).map((subnetCidr, index) => {
      const subnet = new ec2.Subnet(
        `${name}-private-${index + 1}`,
        {
          vpcId: main.id,
          cidrBlock: subnetCidr,
          availabilityZone: zones.apply((names) => names[index] ?? ""),
          mapPublicIpOnLaunch: false,
        },
        // Chosen at creation and kept: a zone that AWS adds or withholds must not replace subnets in use.
        { parent: this, ignoreChanges: ["availabilityZone"] },
      );
      new ec2.RouteTableAssociation(
        `${name}-private-${index + 1}`,
        { subnetId: subnet.id, routeTableId: routeTable.id },
        child,
      );
      return subnet;
    });
    return { subnets, routeTable };
  }

  private workloadGroup(name: string, vpcId: pulumi.Input<string>): ec2.SecurityGroup {
    return new ec2.SecurityGroup(
      `${name}-workload`,
      { vpcId, description: "Jobs, models, notebook and training box: no way in from outside the group" },
      { parent: this },
    );
  }

  /** Instances of a distributed job find each other on ports that they choose. */
  private withinGroup(name: string, group: ec2.SecurityGroup): pulumi.Resource[] {
    const rule = {
      securityGroupId: group.id,
      referencedSecurityGroupId: group.id,
      ipProtocol: "-1",
      description: "Between instances of one job",
    };
    return [
      new vpc.SecurityGroupIngressRule(`${name}-workload-peers-in`, rule, { parent: this }),
      new vpc.SecurityGroupEgressRule(`${name}-workload-peers-out`, rule, { parent: this }),
    ];
  }

  private egress(
    name: string,
    group: ec2.SecurityGroup,
    target: Omit<vpc.SecurityGroupEgressRuleArgs, "securityGroupId" | "description">,
    description: string,
  ): vpc.SecurityGroupEgressRule {
    return new vpc.SecurityGroupEgressRule(
      name,
      { securityGroupId: group.id, ...target, description },
      { parent: this },
    );
  }
}

const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 } as const;
