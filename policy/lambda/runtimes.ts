/**
 * Managed runtimes and the day on which AWS ends their support, as of 2026-11. Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html
 * The days are AWS's forecast and move; whether a runtime may be used is a setting, so that a list is judged and no clock.
 */
export const SUPPORTED_RUNTIMES: Readonly<Record<string, string>> = {
  "nodejs24.x": "2028-04-30",
  "nodejs22.x": "2027-04-30",
  "python3.14": "2029-06-30",
  "python3.13": "2029-06-30",
  "python3.12": "2028-10-31",
  java25: "2029-06-30",
  java21: "2029-06-30",
  dotnet10: "2028-11-14",
  "ruby3.4": "2028-03-31",
  "ruby3.3": "2027-03-31",
  "provided.al2023": "2029-06-30",
};

/** On Amazon Linux 2, whose own support ended on 2026-06-30; Lambda still mends what is critical in them, for a while. */
export const ENDING_RUNTIMES: readonly string[] = [
  "java17",
  "java11",
  "java8.al2",
  "python3.11",
  "python3.10",
  "provided.al2",
];
