/** Whether an environment serves real callers, by its name: `prod`, `production`, or one of them and a suffix, such as `prod-eu`. */
export function isProduction(environment: string): boolean {
  return /^prod(?:uction)?(?:-|$)/.test(environment);
}
