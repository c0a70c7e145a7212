// Keeps one comment on a pull request with the report of every stack that it can change.
// STACKS is their JSON array, REPORTS the JSON object of the previews' outputs, by stack.
import { code } from "./markdown.mjs";
import { github, githubList, isOurs, publish, required } from "./runner.mjs";

const mark = "<!-- sagemaker-ops: preview -->";

function body(stacks, reports, run) {
  const sections = stacks.map(
    (stack) =>
      reports[stack] ||
      `### ${code(stack)}: no preview\n\nThe run ended before the preview did. Its log says why.`,
  );
  return [
    mark,
    "## Preview",
    ...(stacks.length === 0 ? ["This pull request does not change any stack that is set up."] : sections),
    `[Log of the run](${run})`,
  ].join("\n\n");
}

const repository = required("GITHUB_REPOSITORY");
const number = Number(required("PR_NUMBER"));
if (!Number.isInteger(number)) throw new Error("PR_NUMBER is not a number.");
const stacks = JSON.parse(required("STACKS"));
const reports = JSON.parse(required("REPORTS"));
const text = body(stacks, reports, required("RUN_URL"));

const found = githubList(`repos/${repository}/issues/${number}/comments?per_page=100`).find(isOurs(mark));
if (found !== undefined) {
  github("PATCH", `repos/${repository}/issues/comments/${found.id}`, { body: text });
} else if (stacks.length > 0) {
  github("POST", `repos/${repository}/issues/${number}/comments`, { body: text });
}
publish("comment", found === undefined && stacks.length === 0 ? "no comment" : text);
