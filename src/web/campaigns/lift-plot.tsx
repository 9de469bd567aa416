import type { CampaignResults } from './shapes'

const [WIDTH, HEIGHT] = [720, 260]
const MARGIN = { top: 14, right: 16, bottom: 30, left: 76 }

interface Point {
  readonly until: string
  readonly difference: number
  readonly low: number
  readonly high: number
}

/** The days whose effect could be told. */
export function pointsOf(overTime: CampaignResults['overTime']): Point[] {
  return overTime.flatMap(({ until, revenue }) =>
    revenue.ok ? [{ until, difference: revenue.lift.difference, ...revenue.lift.interval }] : [],
  )
}

/** The effect day by day as a line, its range as a band, and the line of no effect. */
export function LiftPlot(props: {
  points: readonly Point[]
  label: string
  money: (minor: number) => string
  date: (day: string) => string
}) {
  const { points, label, money, date } = props
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) return null
  const low = Math.min(0, ...points.map((point) => point.low))
  const high = Math.max(0, ...points.map((point) => point.high))
  const from = Date.parse(first.until)
  const span = Math.max(1, Date.parse(last.until) - from)
  const x = ({ until }: Point) =>
    MARGIN.left + ((Date.parse(until) - from) / span) * (WIDTH - MARGIN.left - MARGIN.right)
  const y = (value: number) =>
    MARGIN.top + ((high - value) / Math.max(high - low, Number.EPSILON)) * (HEIGHT - MARGIN.top - MARGIN.bottom)
  const line = points.map((point) => `${x(point)},${y(point.difference)}`).join(' ')
  const band = [
    ...points.map((point) => `${x(point)},${y(point.high)}`),
    ...points.toReversed().map((point) => `${x(point)},${y(point.low)}`),
  ].join(' ')
  return (
    <svg class="plot" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      <polygon class="band" points={band} />
      {[high, 0, low].map((value) => (
        <g key={value} class={value === 0 ? 'zero' : 'tick'}>
          <line x1={MARGIN.left} x2={WIDTH - MARGIN.right} y1={y(value)} y2={y(value)} />
          <text x={MARGIN.left - 8} y={y(value) + 4} text-anchor="end">
            {money(value)}
          </text>
        </g>
      ))}
      <polyline class="line" points={line} />
      <circle class="now" cx={x(last)} cy={y(last.difference)} r="4" />
      <text x={MARGIN.left} y={HEIGHT - 8}>
        {date(first.until)}
      </text>
      {last !== first && (
        <text x={WIDTH - MARGIN.right} y={HEIGHT - 8} text-anchor="end">
          {date(last.until)}
        </text>
      )}
    </svg>
  )
}
