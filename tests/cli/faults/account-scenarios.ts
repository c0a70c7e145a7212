import { addDoctorCommand } from "../../../cli/commands/doctor-command";
import { exported, healthy, now, writeDoctorProject } from "../doctor/doctor-tools";
import { doctorHandlers } from "../doctor/fake-doctor";
import { emptyAccount } from "../prune/fake-account";
import { startFakeAws } from "../prune/fake-aws";
import { runCommand } from "./run-command";
import { filesOf, project, type Scenario } from "./scenario";

const doctor: Scenario = {
  title: "doctor",
  changes: false,
  spares: /^(?!GetCallerIdentity$)/,
  asksOn: true,
  tellsClock: true,
  begin: async () => {
    const aws = await startFakeAws(emptyAccount(), doctorHandlers(healthy()));
    const here = project();
    const bin = writeDoctorProject(here.folder);
    const state = here.file("state.json", JSON.stringify(exported()));
    const line = ["doctor", "--stack", "dev", "--state", state, "--json"];
    return {
      folder: here.folder,
      line: () => line,
      target: aws.origin,
      run: (origin, more) =>
        runCommand(addDoctorCommand, line, {
          folder: here.folder,
          origin,
          env: { PATH: bin },
          variables: { PATH: bin },
          now,
          ...more,
        }),
      state: () => filesOf(here),
      close: async () => {
        await aws.close();
        here.remove();
      },
    };
  },
};

/** The command that looks at the account around a stack. */
export const accountScenarios: readonly Scenario[] = [doctor];
