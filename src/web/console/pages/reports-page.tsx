import { SegmentedControl } from '@mantine/core'
import { useState } from 'react'
import type { DeskReport } from '../../../http/api/console/types'
import { useLocale, useWords } from '../data/language'
import { useLoaded } from '../data/use-loaded'
import { day, spoken, whole } from '../model/spans'
import { Await } from '../parts/empty'
import { TableFrame } from '../parts/table-frame'
import { deskWords } from '../words/desk'
import { reportWords } from '../words/reports'
import { talkWords } from '../words/talk'
import { Bars } from './bars'
import { DayPlot } from './day-plot'
import { Page } from './page'

/** How the desk does: what came, how fast it was answered, how it ended and what customers say of it. */
export function ReportsPage() {
  const words = useWords(reportWords)
  const locale = useLocale()
  const [days, setDays] = useState('30')
  const { loaded, reload } = useLoaded<DeskReport>(`reports?days=${days}`)
  const note =
    loaded.state === 'ready' ? words.range(day(loaded.body.from, locale), day(loaded.body.to, locale)) : undefined
  return (
    <Page
      title={words.title}
      note={note}
      actions={
        <SegmentedControl
          aria-label={words.period}
          value={days}
          onChange={setDays}
          data={['7', '30', '90'].map((value) => ({ value, label: words.days(Number(value)) }))}
        />
      }
    >
      <Await loaded={loaded} onAgain={reload} lines={9}>
        {(report) => <Report report={report} />}
      </Await>
    </Page>
  )
}

function Report({ report }: { report: DeskReport }) {
  const words = useWords(reportWords)
  const talk = useWords(talkWords)
  const desk = useWords(deskWords)
  const locale = useLocale()
  const { csat } = report
  const contactReasons: Readonly<Record<string, string>> = talk.contactReasons
  const reasons: Readonly<Record<string, string>> = desk.reasons
  return (
    <div className="report">
      <div className="figures">
        <Figure name={words.requests} value={whole(report.requests, locale)} />
        <Speed name={words.firstReply} speed={report.firstReply} />
        <Speed name={words.handling} speed={report.handling} />
        <Figure
          name={words.csat}
          value={csat.mean === null ? words.none : words.csatMean(csat.mean.toFixed(1))}
          note={words.csatAnswers(csat.answers)}
        />
      </div>
      <section className="panel wide">
        <h2>{words.byDay}</h2>
        <DayPlot days={report.byDay} />
      </section>
      <section className="panel">
        <h2>{words.resolution}</h2>
        <p className="fine">{words.resolutionNote}</p>
        <Bars
          rows={(['confirmed', 'assumed', 'reopened', 'open'] as const).map((key) => ({
            key,
            label: words.resolutions[key],
            value: report.resolution[key],
          }))}
        />
      </section>
      <section className="panel">
        <h2>{words.csat}</h2>
        <Bars
          rows={[5, 4, 3, 2, 1].map((score) => ({
            key: String(score),
            label: words.csatScore(score),
            value: csat.byScore[score - 1] ?? 0,
          }))}
        />
      </section>
      <section className="panel">
        <h2>{words.why}</h2>
        <Bars
          rows={report.reasons.map(({ reason, requests }) => ({
            key: reason,
            label: reasons[reason] ?? reason,
            value: requests,
          }))}
        />
      </section>
      <section className="panel">
        <h2>{words.about}</h2>
        <Bars
          rows={report.contactReasons.map(({ reason, requests }) => ({
            key: reason,
            label: contactReasons[reason] ?? (reason || words.unknownReason),
            value: requests,
          }))}
        />
      </section>
      <StaffTable report={report} />
    </div>
  )
}

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div className="figure">
      <span className="tile-name">{name}</span>
      <strong>{value}</strong>
      {note !== undefined && <span className="fine">{note}</span>}
    </div>
  )
}

function Speed({ name, speed }: { name: string; speed: DeskReport['firstReply'] }) {
  const words = useWords(reportWords)
  const locale = useLocale()
  const { medianSeconds, p90Seconds } = speed
  if (medianSeconds === null) return <Figure name={name} value={words.none} />
  return (
    <Figure
      name={`${name} (${words.median})`}
      value={spoken(medianSeconds, locale)}
      note={p90Seconds === null ? undefined : words.p90(spoken(p90Seconds, locale))}
    />
  )
}

function StaffTable({ report }: { report: DeskReport }) {
  const words = useWords(reportWords)
  const locale = useLocale()
  if (report.staff.length === 0) return null
  return (
    <section className="panel wide">
      <h2>{words.staff}</h2>
      <TableFrame label={words.staff}>
        <table>
          <thead>
            <tr>
              {[words.name, words.staffClosed, words.staffFirstReply, words.staffCsat].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {report.staff.map((row) => (
              <tr key={row.id}>
                <th scope="row">{row.displayName}</th>
                <td>{whole(row.closed, locale)}</td>
                <td>{row.medianFirstReplySeconds === null ? '–' : spoken(row.medianFirstReplySeconds, locale)}</td>
                <td>{row.csatMean === null ? '–' : row.csatMean.toFixed(1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  )
}
