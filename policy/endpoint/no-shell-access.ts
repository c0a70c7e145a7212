import { undecided, violation } from "../findings";
import { at, shown } from "../nested";
import { resourceRule } from "../rule";
import { truth } from "../truth";
import { UNKNOWN } from "../values";
import { configurationReads } from "./reads";
import { variantsOf } from "./variants";

export const noShellAccess = resourceRule({
  id: "endpoint-no-shell-access",
  title: "Model containers without a shell from outside",
  sentence: "Nobody can open a session inside a container that serves requests.",
  severity: "high",
  level: "production",
  group: "endpoint",
  remediation: "Leave enableSsmAccess out, and debug in an environment without real requests.",
  url: "https://docs.aws.amazon.com/sagemaker/latest/dg/ssm-access.html",
  reads: configurationReads("productionVariants", "shadowProductionVariants"),
  check: ({ properties }) =>
    variantsOf(properties, "productionVariants", "shadowProductionVariants").flatMap(({ path, value }) => {
      const access = at(value, "enableSsmAccess");
      const open = truth(access);
      if (value === UNKNOWN) return [undecided(path)];
      if (open === "false" || open === "missing") return [];
      if (open === "unknown") return [undecided(`${path}.enableSsmAccess`)];
      return [
        violation(
          `${path}.enableSsmAccess is ${shown(access)}, so a session can be opened where requests are answered. Leave it out.`,
        ),
      ];
    }),
});
