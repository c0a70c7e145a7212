import type { StackValidationArgs } from "@pulumi/policy";
import type { Reads, StackSubject } from "../rule";

/** The resources of a stack as the engine sent them, for rules to ask for what they read. */
export interface SentStack {
  /** The resources of these types, in the order of the stack. */
  subjects(reads: Reads): readonly StackSubject[];
}

const TYPE = "sagemaker-guard:requests:Stack";

/**
 * A request that the SDK hands to each rule in the place of the stack's: it has one resource, whose name is the whole stack. So the SDK
 * makes no objects of its own for each resource and rule, and settings, levels and reports stay its own.
 */
export class StackCarrier {
  /** Whether a rule has had the stack. If none has, nothing was judged. */
  isTaken = false;

  constructor(private readonly stack: SentStack) {}

  getResourcesList() {
    return [
      {
        getType: () => TYPE,
        getName: () => this,
        getUrn: () => "",
        getParent: () => "",
        getProperties: () => ({ toJavaScript: () => ({}) }),
        getProvider: () => undefined,
        getOptions: () => OPTIONS,
        getDependenciesList: () => [],
        getPropertydependenciesMap: () => undefined,
      },
    ];
  }

  take(): SentStack {
    this.isTaken = true;
    return this.stack;
  }
}

const OPTIONS = {
  getProtect: () => false,
  getIgnorechangesList: () => [],
  getAliasesList: () => [],
  getCustomtimeouts: () => undefined,
  getAdditionalsecretoutputsList: () => [],
  getDeletebeforereplacedefined: () => false,
  getDeletebeforereplace: () => false,
  getParent: () => "",
};

/** @default - the arguments hold the resources themselves, as the SDK reads them */
export function sentStack({ resources: [first] }: StackValidationArgs): SentStack | undefined {
  const name: unknown = first?.name;
  return name instanceof StackCarrier ? name.take() : undefined;
}
