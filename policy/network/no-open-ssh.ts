import type { Entry } from "../entries";
import { advisory, type Finding, undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { count, type Settings, texts } from "../settings";
import { UNKNOWN } from "../values";
import { readCidr } from "./cidr";
import { INGRESS_READS, type Ingress, ingressOf, type Ports } from "./ingress";

const PORT_NUMBER = {
  pattern: /^([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])$/,
  form: "a port number in text",
};

const fields = {
  ports: texts(
    ["22", "3389", "8888"],
    "TCP ports that the internet must not reach: SSH, Remote Desktop and Jupyter.",
    PORT_NUMBER,
  ),
  shortestIpv4Prefix: count(
    16,
    "A public IPv4 range with a shorter prefix counts as the internet, so that 0.0.0.0/1 with 128.0.0.0/1 does not pass for two small ones.",
    { minimum: 1, maximum: 32 },
  ),
  shortestIpv6Prefix: count(32, "The same for IPv6.", { minimum: 1, maximum: 128 }),
};

type OpenSettings = Settings<typeof fields>;

const REMEDY =
  "Leave the rule out and use Session Manager, or name the ranges that need it, at best single addresses such as 203.0.113.7/32.";

/** Over both forms of a security group's rules, inline and as resources of their own. */
export const noOpenSsh = resourceRule({
  id: "network-no-open-ssh",
  title: "No way in for everybody",
  sentence: "No security group lets the internet reach SSH, Remote Desktop or a Jupyter server.",
  severity: "high",
  level: "mandatory",
  group: "network",
  standards: ["EC2.13", "EC2.14", "EC2.18", "EC2.19"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
  fields,
  reads: INGRESS_READS,
  check: ({ type, properties }, settings) => {
    const rules = ingressOf(type, properties);
    if (rules === UNKNOWN) return [undecided("ingress")];
    const direction = properties.type === UNKNOWN ? ["type"] : [];
    return rules.flatMap((rule) => judge(rule, direction, settings));
  },
});

function judge(rule: Ingress, direction: readonly string[], settings: OpenSettings): readonly Finding[] {
  const open = settings.ports.filter((port) => includes(rule.ports, Number(port)) === "yes");
  const perhaps = settings.ports.some((port) => includes(rule.ports, Number(port)) === "unknown");
  if (open.length === 0 && !perhaps) return [];

  const unknownPorts = open.length > 0 ? [] : [rule.path === "" ? "the ports" : `${rule.path}: the ports`];
  const toldLater = [...direction, ...unknownPorts];
  const lists = rule.prefixLists.map(({ path }) =>
    advisory(
      `${path} is a prefix list, whose ranges are not seen here. See to it that none of them is public and wide.`,
    ),
  );
  return [...rule.sources.flatMap((source) => ofSource(source, open, toldLater, settings)), ...lists];
}

function ofSource(
  { path, value }: Entry,
  open: readonly string[],
  toldLater: readonly string[],
  settings: OpenSettings,
): readonly Finding[] {
  if (value === UNKNOWN) return [undecided([...toldLater, path].join(" and "))];
  if (typeof value !== "string") return [violation(`${path} is no text. Give a CIDR block. ${REMEDY}`)];

  const block = readCidr(value);
  if (block.kind === "malformed") {
    return [
      violation(`${path} cannot be read as a CIDR block, so nobody can tell whom it lets in. ${REMEDY}`),
    ];
  }
  const shortest = block.family === 4 ? settings.shortestIpv4Prefix : settings.shortestIpv6Prefix;
  if (block.private || block.prefix >= shortest) return [];
  if (toldLater.length > 0) return [undecided(`${toldLater.join(" and ")} for the range of ${path}`)];

  return [
    violation(
      `${path} lets ${value.trim()} reach TCP port ${open.join(", ")}; a public range needs a prefix of /${shortest} or longer. ${REMEDY}`,
    ),
  ];
}

function includes(ports: Ports, port: number): "yes" | "no" | "unknown" {
  if (ports.kind === "none") return "no";
  if (ports.kind === "unknown") return "unknown";

  const { from, to } = ports;
  if ((from !== UNKNOWN && from > port) || (to !== UNKNOWN && to < port)) return "no";
  return from === UNKNOWN || to === UNKNOWN ? "unknown" : "yes";
}
