import { Dashboard as CloudWatchDashboard } from "@pulumi/aws/cloudwatch";
import * as pulumi from "@pulumi/pulumi";
import { type DashboardEndpoint, dashboardBody } from "../rules/dashboard";
import { consoleUrl } from "../rules/place";
import type { StackContext } from "./context";

export interface DashboardArgs {
  readonly context: StackContext;
  /** Physical name. */
  readonly dashboardName: string;
  /** In the order in which they are shown. */
  readonly endpoints: readonly DashboardEndpoint[];
}

/** The one page on which a stack's endpoints and functions are watched. */
export class Dashboard extends pulumi.ComponentResource {
  /** Console page. */
  readonly url: string;

  constructor(name: string, args: DashboardArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:operations:Dashboard", name, {}, opts);
    const { place } = args.context;

    new CloudWatchDashboard(
      `${name}-dashboard`,
      {
        dashboardName: args.dashboardName,
        dashboardBody: JSON.stringify(dashboardBody(place.region, args.endpoints)),
      },
      { parent: this },
    );

    this.url = consoleUrl(
      place,
      `cloudwatch/home?region=${place.region}#dashboards/dashboard/${args.dashboardName}`,
    );
    this.registerOutputs({ url: this.url });
  }
}
