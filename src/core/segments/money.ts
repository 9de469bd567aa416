/** Minor units as an amount with its currency's code, readable in any language: "GBP 1,234.50". */
export function writeMoney(minor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' })
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2
  // A space that does not break would be a stranger in a terminal.
  return format.format(Math.round(minor) / 10 ** digits).replaceAll('\u00a0', ' ')
}
