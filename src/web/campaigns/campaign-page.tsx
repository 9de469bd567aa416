import type { Locale } from '../shared/locale'
import { LiftPlot, pointsOf } from './lift-plot'
import { MessagePreview } from './message-preview'
import type { ArmResult, CampaignResults, Comparison, LiftResult, Names } from './shapes'
import type { ManagerWords } from './words'

interface Formats {
  readonly money: (minor: number) => string
  readonly date: (day: string) => string
  readonly whole: (value: number) => string
}

/** One campaign: what it changed in a sentence, the effect over time as a plot, and the tables behind them. */
export function CampaignPage(props: { results: CampaignResults; locale: Locale; words: ManagerWords }) {
  const { results, locale, words } = props
  const formats = formatsOf(locale, results.currency)
  const points = pointsOf(results.overTime)
  const nameOf = (names: Names, code: string) => names[code]?.[locale] ?? words.otherRows[code] ?? code
  return (
    <article>
      <p>
        <a href="./campaigns">← {words.back}</a>
      </p>
      <h1 dir="auto">{results.name}</h1>
      <p class="note">
        <span class={`badge ${results.status}`}>{words.statuses[results.status]}</span>{' '}
        {results.until === null ? words.notCounted : words.until(formats.date(results.until))}
      </p>
      {!results.sampleRatio.isFair && (
        <p class="problem" role="alert">
          {words.unfair}
        </p>
      )}
      {results.until !== null && (
        <>
          <Verdict treated={results.treated} words={words} formats={formats} />
          {points.length > 0 && (
            <section>
              <h2>{words.overTime}</h2>
              <p class="fine">{words.overTimeNote}</p>
              <LiftPlot
                points={points}
                label={`${words.overTime}. ${verdict(results.treated.revenue, words, formats)}`}
                {...formats}
              />
              <details>
                <summary>{words.asTable}</summary>
                <DayTable points={points} words={words} formats={formats} />
              </details>
            </section>
          )}
          <ArmTable
            title={words.byArm}
            first={words.arm}
            rows={results.arms.map((arm) => ({ ...arm, code: arm.arm, label: nameOf(results.names.offers, arm.arm) }))}
            control={results.control}
            words={words}
            formats={formats}
          />
          <ArmTable
            title={words.bySegment}
            first={words.segment}
            rows={results.segments.map((one) => ({
              ...one,
              code: one.segment,
              label: nameOf(results.names.segments, one.segment),
            }))}
            words={words}
            formats={formats}
          />
        </>
      )}
      <MessagePreview
        code={results.code}
        nameOf={(arm) => nameOf(results.names.offers, arm)}
        locale={locale}
        words={words}
      />
    </article>
  )
}

/** What the campaign changed, in sentences. */
function Verdict({ treated, words, formats }: { treated: Comparison; words: ManagerWords; formats: Formats }) {
  return (
    <section class="verdict">
      <p class="sentence">{verdict(treated.revenue, words, formats)}</p>
      {treated.netMinor && <p>{netSentence(treated.netMinor, words, formats)}</p>}
      {treated.revenue.ok && <p class="fine">{words.anyLook}</p>}
    </section>
  )
}

function DayTable({
  points,
  words,
  formats,
}: {
  points: ReturnType<typeof pointsOf>
  words: ManagerWords
  formats: Formats
}) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{words.day}</th>
          <th scope="col">{words.lift}</th>
          <th scope="col">{words.interval}</th>
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr key={point.until}>
            <th scope="row">{formats.date(point.until)}</th>
            <td>{formats.money(point.difference)}</td>
            <td>
              {formats.money(point.low)} … {formats.money(point.high)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function ArmTable(props: {
  title: string
  first: string
  rows: readonly (Comparison & { code: string; label: string })[]
  control?: ArmResult
  words: ManagerWords
  formats: Formats
}) {
  const { title, first, rows, control, words, formats } = props
  if (rows.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <div class="wide">
        <table>
          <thead>
            <tr>
              {[first, words.members, words.buyers, words.perMember, words.lift, words.moreBuyers, words.offerCost].map(
                (head) => (
                  <th key={head} scope="col">
                    {head}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {control && (
              <tr>
                <th scope="row">{words.control}</th>
                <Common arm={control} formats={formats} />
                <td>–</td>
                <td>–</td>
                <td>–</td>
              </tr>
            )}
            {rows.map((row) => (
              <tr key={row.code}>
                <th scope="row">{row.label}</th>
                <Common arm={row} formats={formats} />
                <td>{effectOf(row.revenue, words, formats.money)}</td>
                <td>{effectOf(row.buying, words, (share) => (100 * share).toFixed(1))}</td>
                <td>{formats.money(row.offerCostMinor)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}

function Common({ arm, formats }: { arm: ArmResult; formats: Formats }) {
  return (
    <>
      <td>{formats.whole(arm.members)}</td>
      <td>{formats.whole(arm.buyers)}</td>
      <td>{arm.members > 0 ? formats.money(arm.revenueMinor / arm.members) : '–'}</td>
    </>
  )
}

function effectOf(result: LiftResult, words: ManagerWords, show: (value: number) => string): string {
  if (!result.ok) return result.code === 'no-variation' ? words.noVariation : words.notEnough(result.have, result.need)
  const { difference, interval } = result.lift
  return `${show(difference)} (${show(interval.low)} … ${show(interval.high)})`
}

function verdict(result: LiftResult, words: ManagerWords, { money }: Formats): string {
  if (!result.ok) return result.code === 'no-variation' ? words.noVariation : words.notEnough(result.have, result.need)
  const { difference, interval, isClear } = result.lift
  if (!isClear) return words.unclear(money(interval.low), money(interval.high))
  // "Less" says the direction already: the amounts stand without their sign.
  return difference > 0
    ? words.clearlyMore(money(difference), money(interval.low), money(interval.high))
    : words.clearlyLess(money(-difference), money(-interval.high), money(-interval.low))
}

function netSentence(net: NonNullable<Comparison['netMinor']>, words: ManagerWords, { money }: Formats): string {
  return words.net(money(net.estimate), money(net.low), money(net.high))
}

function formatsOf(locale: Locale, currency: string): Formats {
  const language = locale === 'zh' ? 'zh-CN' : 'en-GB'
  const money = new Intl.NumberFormat(language, { style: 'currency', currency })
  const minorDigits = money.resolvedOptions().maximumFractionDigits ?? 2
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' })
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 })
  return {
    money: (minor) => money.format(minor / 10 ** minorDigits),
    date: (day) => date.format(Date.parse(day)),
    whole: (value) => whole.format(value),
  }
}
