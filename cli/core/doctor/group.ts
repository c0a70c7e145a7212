import type { Place } from "../../../infra/rules/place";
import type { DeployedStack } from "../aws/deployed-stack";
import type { DeclaredStack } from "../aws/stack-config";
import type { DoctorClients } from "./clients";
import type { Area, Finding } from "./finding";

/** Checks that stand or fall together, because they need the same answers of AWS. */
export interface Group {
  readonly area: Area;
  readonly check: string;
  readonly subject: string;
  readonly ask: (clients: DoctorClients) => Promise<readonly Finding[]>;
}

export interface GroupContext {
  readonly declared: DeclaredStack;
  readonly deployed: DeployedStack | undefined;
  /** Why the state is not known. */
  readonly stateReason: string;
  readonly place: Place;
  readonly days: number;
  readonly now: Date;
  /** Pause between two looks at a report that IAM makes. */
  readonly pollSeconds: number;
}
