import { type Place, regionalArn } from "../rules/place";
import { allow, type Statement } from "./document";

/**
 * Registers an instance with Session Manager and carries sessions, and nothing else.
 *
 * Needed by the training box, which then has no open port. AWS's own AmazonSSMManagedInstanceCore would add reading
 * of every SSM parameter of the account, patching and Run Command (Systems Manager User Guide, "Create a custom IAM
 * role for Session Manager", less `s3:GetEncryptionConfiguration`, which only S3 session logs need). The `ec2messages`
 * actions serve Run Command and SSM Agents before 3.3.40.
 */
export function useSessionManager(place: Place): Statement[] {
  return [
    // The instance's id is known only after its role; no other instance can use this one's credentials.
    allow("RegisterInstance", ["ssm:UpdateInstanceInformation"], [regionalArn(place, "ec2", "instance/*")]),
    // Channels have no resource type.
    allow(
      "CarrySessions",
      [
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ],
      ["*"],
    ),
  ];
}
