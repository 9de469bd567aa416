import type { DeskReport } from '../../../http/api/console/types'
import { useLocale, useWords } from '../data/language'
import { day, whole } from '../model/spans'
import { TableFrame } from '../parts/table-frame'
import { reportWords } from '../words/reports'

const [WIDTH, HEIGHT] = [960, 220]
const MARGIN = { top: 12, right: 8, bottom: 26, left: 40 }

/** What came and what was closed, day by day: two bars a day, and the same as a table. */
export function DayPlot({ days }: { days: DeskReport['byDay'] }) {
  const words = useWords(reportWords)
  const locale = useLocale()
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return <p className="fine">{words.none}</p>
  const most = Math.max(4, ...days.flatMap(({ requests, closed }) => [requests, closed]))
  const step = (WIDTH - MARGIN.left - MARGIN.right) / days.length
  const y = (value: number): number => MARGIN.top + (1 - value / most) * (HEIGHT - MARGIN.top - MARGIN.bottom)
  const bar = Math.max(2, Math.min(14, step * 0.36))
  const ticks = [0, Math.round(most / 2), most]
  return (
    <>
      <p className="legend">
        <span data-series="came">{words.came}</span>
        <span data-series="closed">{words.closed}</span>
      </p>
      <svg className="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.byDay}>
        {ticks.map((value) => (
          <g key={value} className="tick">
            <line x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={y(value)} y2={y(value)} />
            <text x={MARGIN.left - 8} y={y(value) + 4} textAnchor="end">
              {whole(value, locale)}
            </text>
          </g>
        ))}
        {days.map((one, index) => {
          const x = MARGIN.left + (index + 0.5) * step
          return (
            <g key={one.day}>
              <rect className="came" x={x - bar} width={bar - 1} y={y(one.requests)} height={y(0) - y(one.requests)} />
              <rect className="closed" x={x} width={bar - 1} y={y(one.closed)} height={y(0) - y(one.closed)} />
            </g>
          )
        })}
        <text x={MARGIN.left} y={HEIGHT - 6}>
          {day(first.day, locale)}
        </text>
        {last !== first && (
          <text x={WIDTH - MARGIN.right} y={HEIGHT - 6} textAnchor="end">
            {day(last.day, locale)}
          </text>
        )}
      </svg>
      <DayTable days={days} />
    </>
  )
}

function DayTable({ days }: { days: DeskReport['byDay'] }) {
  const words = useWords(reportWords)
  const locale = useLocale()
  return (
    <details className="as-table">
      <summary>{words.asTable}</summary>
      <TableFrame label={words.byDay}>
        <table>
          <thead>
            <tr>
              {[words.day, words.came, words.closed].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days.map((one) => (
              <tr key={one.day}>
                <th scope="row">{day(one.day, locale)}</th>
                <td>{whole(one.requests, locale)}</td>
                <td>{whole(one.closed, locale)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </details>
  )
}
