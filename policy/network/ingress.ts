import { type Entry, entriesOf } from "../entries";
import { asObject, type Properties, quantity, UNKNOWN } from "../values";

/** One permission to come in, in whichever of the provider's forms it is written. */
export interface Ingress {
  /** For messages, such as `ingress[2]`; empty for a resource that is one rule. */
  readonly path: string;
  readonly ports: Ports;
  readonly sources: readonly Entry[];
  readonly prefixLists: readonly Entry[];
}

/** Ports of TCP. `none` is a rule for other protocols only; bounds may be unknown one at a time. */
export type Ports =
  | { readonly kind: "range"; readonly from: number | typeof UNKNOWN; readonly to: number | typeof UNKNOWN }
  | { readonly kind: "unknown" }
  | { readonly kind: "none" };

const EVERY_PORT: Ports = { kind: "range", from: 0, to: 65535 };

const INLINE = ["ingress"];

/** The types that let traffic in, with the properties that `ingressOf` reads. */
export const INGRESS_READS: Readonly<Record<string, readonly string[]>> = {
  "aws:ec2/securityGroup:SecurityGroup": INLINE,
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": INLINE,
  "aws:ec2/securityGroupRule:SecurityGroupRule": [
    "type",
    "protocol",
    "fromPort",
    "toPort",
    "cidrBlocks",
    "ipv6CidrBlocks",
    "prefixListIds",
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    "ipProtocol",
    "fromPort",
    "toPort",
    "cidrIpv4",
    "cidrIpv6",
    "prefixListId",
  ],
};

/** `UNKNOWN` where the rules themselves are unknown. An entry that is unknown, or of unknown direction, is taken for a way in. */
export function ingressOf(type: string, properties: Properties): readonly Ingress[] | typeof UNKNOWN {
  if (type.startsWith("aws:vpc/")) {
    const { ipProtocol, fromPort, toPort, cidrIpv4, cidrIpv6, prefixListId } = properties;
    return [
      {
        path: "",
        ports: portsOf(ipProtocol, fromPort, toPort),
        sources: [...single(cidrIpv4, "cidrIpv4"), ...single(cidrIpv6, "cidrIpv6")],
        prefixLists: single(prefixListId, "prefixListId"),
      },
    ];
  }
  if (type === "aws:ec2/securityGroupRule:SecurityGroupRule") {
    return properties.type === "egress" ? [] : [blocks(properties, "")];
  }
  if (properties.ingress === UNKNOWN) return UNKNOWN;
  return entriesOf(properties.ingress, "ingress").map(({ path, value }) =>
    value === UNKNOWN ? unknownAt(path) : blocks(asObject(value) ?? {}, path),
  );
}

function blocks(rule: Properties, path: string): Ingress {
  const at = (name: string) => entriesOf(rule[name], path === "" ? name : `${path}.${name}`);
  return {
    path,
    ports: portsOf(rule.protocol, rule.fromPort, rule.toPort),
    sources: [...at("cidrBlocks"), ...at("ipv6CidrBlocks")],
    prefixLists: at("prefixListIds"),
  };
}

function unknownAt(path: string): Ingress {
  return { path, ports: EVERY_PORT, sources: [{ path, value: UNKNOWN }], prefixLists: [] };
}

function single(value: unknown, path: string): readonly Entry[] {
  return value === undefined || value === null ? [] : [{ path, value }];
}

// Protocols by name or number: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html
function portsOf(protocol: unknown, fromPort: unknown, toPort: unknown): Ports {
  if (protocol === UNKNOWN) return { kind: "unknown" };
  const name = String(
    typeof protocol === "number" ? protocol : typeof protocol === "string" ? protocol : "-1",
  );
  if (name === "-1" || name.toLowerCase() === "all") return EVERY_PORT;
  if (name !== "6" && name.toLowerCase() !== "tcp") return { kind: "none" };
  return { kind: "range", from: bound(fromPort, 0), to: bound(toPort, 65535) };
}

// -1 stands for all ports; so does, on the side of caution, what cannot be read.
function bound(port: unknown, otherwise: number): number | typeof UNKNOWN {
  const read = quantity(port);
  if (read.kind === "unknown") return UNKNOWN;
  return read.kind === "known" ? read.value : otherwise;
}
