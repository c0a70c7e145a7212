// Keeps one open issue while any stack differs from the cloud or could not be compared, and closes it when none does.
// STACKS is the JSON array of the stacks, REPORTS the JSON object of the comparisons' outputs, by stack.
import { code } from "./markdown.mjs";
import { github, githubList, isOurs, required } from "./runner.mjs";

const mark = "<!-- sagemaker-ops: drift -->";
const title = "Drift: the cloud differs from the program";

const repository = required("GITHUB_REPOSITORY");
const run = required("RUN_URL");
const stacks = JSON.parse(required("STACKS"));
const reports = JSON.parse(required("REPORTS"));

const told = stacks
  .map(
    (stack) =>
      reports[stack] || `### ${code(stack)}: could not be compared\n\nThe run ended before it told anything.`,
  )
  .filter((report) => report !== "none");

const issue = githubList(`repos/${repository}/issues?state=open&per_page=100`).find(
  (candidate) => candidate.pull_request === undefined && isOurs(mark)(candidate),
);
if (told.length > 0) {
  const advice =
    "Either somebody changed the cloud by hand, or the program was merged and not deployed. Deploy to take it back, or write " +
    "the change into the program; `pulumi refresh` alone only makes the state agree.";
  const body = [mark, advice, ...told, `[Log of the run](${run})`].join("\n\n");
  if (issue === undefined) github("POST", `repos/${repository}/issues`, { title, body });
  else github("PATCH", `repos/${repository}/issues/${issue.number}`, { body });
  process.stdout.write(`${told.length} of ${stacks.length} stacks are in the issue\n`);
} else {
  if (issue !== undefined) {
    const body = [mark, "No stack differs from the cloud any more.", `[Log of the run](${run})`].join("\n\n");
    github("PATCH", `repos/${repository}/issues/${issue.number}`, { body, state: "closed" });
  }
  process.stdout.write("no drift\n");
}
