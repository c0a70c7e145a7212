import { undecided, violation } from "../findings";
import { resourceRule } from "../rule";
import { truth } from "../truth";

const REMEDY = "Set mapPublicIpOnLaunch to false; what must be reachable asks for an address itself.";

/** Over subnets; the subnets of a default VPC give addresses unless told otherwise. */
export const noPublicSubnets = resourceRule({
  id: "network-no-public-subnets",
  title: "No addresses by default",
  sentence: "No subnet gives public addresses to whatever starts in it.",
  severity: "medium",
  level: "production",
  group: "network",
  standards: ["EC2.15"],
  remediation: REMEDY,
  url: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html",
  reads: {
    "aws:ec2/subnet:Subnet": ["mapPublicIpOnLaunch"],
    "aws:ec2/defaultSubnet:DefaultSubnet": ["mapPublicIpOnLaunch"],
  },
  check: ({ type, properties: { mapPublicIpOnLaunch } }) => {
    switch (truth(mapPublicIpOnLaunch)) {
      case "false":
        return [];
      case "unknown":
        return [undecided("mapPublicIpOnLaunch")];
      case "true":
        return [violation(`mapPublicIpOnLaunch is true; only false is allowed. ${REMEDY}`)];
      case "invalid":
        return [violation(`mapPublicIpOnLaunch is neither true nor false. ${REMEDY}`)];
      case "missing":
        return type === "aws:ec2/subnet:Subnet"
          ? []
          : [
              violation(
                `mapPublicIpOnLaunch is not set, and the subnets of a default VPC give public addresses. ${REMEDY}`,
              ),
            ];
    }
  },
});
