import { ActionIcon, Avatar, Button } from '@mantine/core'
import { useState } from 'react'
import type { StaffRow } from '../../../http/api/console/types'
import { nowMs } from '../../shared/clock'
import { useWords } from '../data/language'
import { isAtLeast } from '../data/roles'
import { useSession } from '../data/session'
import { useLoaded } from '../data/use-loaded'
import { Await } from '../parts/empty'
import { Icon } from '../parts/icons'
import { TableFrame } from '../parts/table-frame'
import { pageWords } from '../words/pages'
import { shellWords } from '../words/shell'
import { talkWords } from '../words/talk'
import { InviteDialog } from './invite-dialog'
import { Page } from './page'
import { StaffDialog } from './staff-dialog'

/** Everybody who answers customers; administrators change and invite them. */
export function StaffPage() {
  const words = useWords(pageWords)
  const { me } = useSession()
  const { loaded, reload } = useLoaded<{ staff: readonly StaffRow[] }>('staff')
  const [edited, setEdited] = useState<StaffRow>()
  const [isInviting, setInviting] = useState(false)
  const mayChange = isAtLeast(me.role, 'administrator')
  return (
    <Page
      title={words.staffTitle}
      note={words.staffNote}
      actions={
        mayChange && (
          <Button leftSection={<Icon name="plus" size={16} />} onClick={() => setInviting(true)}>
            {words.invite}
          </Button>
        )
      }
    >
      <Await loaded={loaded} onAgain={reload} lines={7}>
        {({ staff }) => <StaffTable staff={staff} onEdit={mayChange ? setEdited : undefined} />}
      </Await>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} onInvited={reload} />}
      {edited && <StaffDialog row={edited} onClose={() => setEdited(undefined)} onSaved={reload} />}
    </Page>
  )
}

function StaffTable(props: { staff: readonly StaffRow[]; onEdit: ((row: StaffRow) => void) | undefined }) {
  const { staff, onEdit } = props
  const words = useWords(pageWords)
  const heads = [words.name, words.role, words.skills, words.team, words.load, ...(onEdit ? [''] : [])]
  return (
    <TableFrame label={words.staffTitle} isPanel>
      <table className="staff">
        <thead>
          <tr>
            {heads.map((head) =>
              head === '' ? (
                <th key={head} scope="col">
                  <span className="visually-hidden">{words.edit}</span>
                </th>
              ) : (
                <th key={head} scope="col">
                  {head}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>
          {staff.map((row) => (
            <StaffLine key={row.id} row={row} onEdit={onEdit} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}

function StaffLine({ row, onEdit }: { row: StaffRow; onEdit: ((row: StaffRow) => void) | undefined }) {
  const words = useWords(pageWords)
  const shell = useWords(shellWords)
  const talk = useWords(talkWords)
  const { me } = useSession()
  const isLocked = row.lockedUntil !== null && Date.parse(row.lockedUntil) > nowMs()
  const skills = [...row.languages.map((language) => shell.languages[language]), ...row.topics, ...row.tiers]
  return (
    <tr data-disabled={row.disabled}>
      <th scope="row">
        <span className="staff-name">
          <Avatar name={row.displayName} color="regulars" size={34} aria-hidden="true" />
          <span>
            {row.displayName} {row.id === me.id && <span className="fine">({words.you})</span>}
            <span className="fine">{row.email}</span>
          </span>
        </span>
      </th>
      <td>
        {shell.roles[row.role]}
        {row.disabled && <span className="chip bad">{words.disabledBadge}</span>}
        {isLocked && <span className="chip bad">{words.lockedBadge}</span>}
      </td>
      <td>
        <span className="chips">
          {skills.map((skill) => (
            <span key={skill} className="chip plain">
              {skill}
            </span>
          ))}
        </span>
      </td>
      <td>{row.team ?? '–'}</td>
      <td>
        <span className="staff-load">
          <span className="dot" data-presence={row.presence} title={shell.presences[row.presence]} />
          <span className="visually-hidden">{shell.presences[row.presence]}</span>
          {talk.load(row.load, row.capacity)}
        </span>
      </td>
      {onEdit && (
        <td>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={words.editStaff(row.displayName)}
            onClick={() => onEdit(row)}
          >
            <Icon name="edit" />
          </ActionIcon>
        </td>
      )}
    </tr>
  )
}
