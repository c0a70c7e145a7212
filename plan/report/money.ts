/** Two decimals, thousands separated; written out so that no locale changes it. */
export function money(amount: number): string {
  const [whole = "0", cents = "00"] = Math.abs(amount).toFixed(2).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return `${amount < 0 ? "-" : ""}${grouped}.${cents}`;
}

/** Up to four decimals: hourly prices differ in the third. */
export function rate(amount: number): string {
  if (amount === 0) return "-";
  const [whole = "0", decimals = "00"] = amount
    .toFixed(4)
    .replace(/0{1,2}$/, "")
    .split(".");
  return `${whole.replace(/\B(?=(\d{3})+$)/g, ",")}.${decimals}`;
}

/** Whole percent of a limit: "100 %" is exactly the limit, more than it at least "101 %". */
export function percent(amount: number, limit: number): string {
  if (limit <= 0) return amount > limit ? "over 100 %" : "0 %";
  const exact = (amount / limit) * 100;
  return `${amount <= limit ? Math.floor(exact) : Math.ceil(exact)} %`;
}
