import { useLocale, useWords } from '../data/language'
import { whole } from '../model/spans'
import { reportWords } from '../words/reports'

/** Counts as bars beside their names, each with its number. */
export function Bars({ rows }: { rows: readonly { key: string; label: string; value: number }[] }) {
  const words = useWords(reportWords)
  const locale = useLocale()
  const largest = Math.max(1, ...rows.map(({ value }) => value))
  if (rows.length === 0) return <p className="fine">{words.none}</p>
  return (
    <ul className="bars">
      {rows.map(({ key, label, value }) => (
        <li key={key}>
          <span className="bars-label">{label}</span>
          <svg className="bars-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
            <rect className="bars-ground" width="100" height="8" />
            <rect className="bars-value" width={(100 * value) / largest} height="8" />
          </svg>
          <span className="bars-number">{whole(value, locale)}</span>
        </li>
      ))}
    </ul>
  )
}
