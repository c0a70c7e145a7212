import { fullAccess } from "../policy/iam/canaries";
import { readDocument } from "../policy/iam/document";
import { permissionsOf } from "../policy/iam/evaluate";
import { median } from "./measure";

/** A policy of so many statements, each of them narrow, so that none decides early. */
function narrowPolicy(statements: number, round: number): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: Array.from({ length: statements }, (_, index) => ({
      Sid: `Statement${index}Of${round}`,
      Effect: index % 10 === 9 ? "Deny" : "Allow",
      Action: ["sagemaker:Describe*", "sagemaker:*Endpoint", "s3:Get*", `sagemaker:Invoke${index}*`],
      Resource: [`arn:aws:sagemaker:us-east-1:123456789012:endpoint/team-${index}-*`, "arn:aws:s3:::data/*"],
      Condition: { StringLike: { "aws:PrincipalTag/team": [`team-${index}`, "ops-*"] } },
    })),
  });
}

/** Milliseconds to read and judge one document of so many statements; the median. */
export function benchEvaluator(statements: number, rounds: number): number {
  const times: number[] = [];
  for (let round = -5; round < rounds; round++) {
    // Another text each time, as the pack remembers those it has read.
    const text = narrowPolicy(statements, rounds + round);
    const started = performance.now();
    const document = readDocument(text);
    if (document.kind !== "document") throw new Error(`the policy of the benchmark is ${document.kind}`);
    const found = fullAccess(permissionsOf(document.statements));
    if (found !== undefined) throw new Error("the policy of the benchmark is meant to be narrow");
    if (round >= 0) times.push(performance.now() - started);
  }
  return median(times);
}
