import type { Locale } from '../shared/locale'
import type { JobRow } from './shapes'
import type { ManagerWords } from './words'

/** Every job: when it runs next, and how its last runs ended. */
export function JobsPage({ jobs, locale, words }: { jobs: readonly JobRow[]; locale: Locale; words: ManagerWords }) {
  const format = new Intl.DateTimeFormat(locale === 'zh' ? 'zh-CN' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
  })
  const at = (instant: string | null) => (instant === null ? '–' : format.format(Date.parse(instant)))
  return (
    <>
      <h1>{words.jobs}</h1>
      {jobs.length === 0 && <p class="empty">{words.noJobs}</p>}
      <div class="wide">
        <table>
          <thead>
            <tr>
              {[words.job, words.nextRun, words.lastRuns].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {jobs.map((job) => (
              <tr key={job.name}>
                <th scope="row">
                  <code>{job.name}</code>
                  <span class="fine">{job.says[locale]}</span>
                </th>
                <td>
                  {at(job.nextSlot)}
                  <span class="fine">
                    <code>{job.cron}</code> {job.timeZone}
                  </span>
                </td>
                <td>
                  {job.runs.length === 0 ? (
                    words.never
                  ) : (
                    <ul class="runs">
                      {job.runs.map((run) => (
                        <li key={run.slot}>
                          <span class={`badge ${run.status}`}>{words.runStatuses[run.status]}</span> {at(run.startedAt)}
                          <Why run={run} words={words} />
                        </li>
                      ))}
                    </ul>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

/** Why a run was left out, in the language of the page, or what went wrong, as the program said it. */
function Why({ run, words }: { run: JobRow['runs'][number]; words: ManagerWords }) {
  if (run.error === null) return null
  const reason = run.status === 'skipped' ? words.skipReasons[run.error] : undefined
  return reason ? (
    <span class="fine">{reason}</span>
  ) : (
    <span class="fine" lang="en">
      {run.error}
    </span>
  )
}
