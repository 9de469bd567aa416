import { z } from 'zod'
import type { Clock, SecretBytes } from '../../../core/clock'
import { listStaff, type StaffAccount } from '../../../core/staff/account'
import { inviteStaff } from '../../../core/staff/invitation'
import { addStaff, changeStaff } from '../../../core/staff/manage'
import { ROLES } from '../../../core/staff/role'
import type { Database } from '../../../db/open'
import type { ApiRequest, ApiResponse, Route } from '../../route'
import type { Guard } from './guard'
import { meOf } from './me'
import { displayName, emailAddress, idOf, languagesField, line, localeField, parsed } from './parsed'
import { refused } from './refusals'
import type { StaffRow } from './types'

export interface StaffOptions {
  readonly database: Database
  readonly clock: Clock
  readonly secretBytes: SecretBytes
  readonly guard: Guard
}

const CAPACITY_MAX = 50
const names = z.array(line(40)).max(50)
const skills = {
  capacity: z.int().min(0).max(CAPACITY_MAX).optional(),
  languages: languagesField.optional(),
  topics: names.optional(),
  tiers: names.optional(),
  team: line(40).nullable().optional(),
}
const role = z.enum(ROLES, `is none of ${ROLES.join(', ')}`)
const addBody = z.object({ email: emailAddress, displayName, role, locale: localeField.default('en'), ...skills })
const changeBody = z.object({
  displayName: displayName.optional(),
  role: role.optional(),
  disabled: z.boolean().optional(),
  ...skills,
})

/**
 * The merchant's people, under /api/console: `GET staff` for everybody; for administrators `POST staff` (adds and
 * invites; 409 `email-taken`), `POST staff/:id` (404 `unknown-staff`, 409 `last-administrator`), `POST staff/:id/invitation`.
 */
export function staffRoutes(options: StaffOptions): readonly Route[] {
  return options.guard.staff([
    {
      method: 'get',
      path: '/api/console/staff',
      atLeast: 'agent',
      handle: (_request, account) => list(options, account),
    },
    {
      method: 'post',
      path: '/api/console/staff',
      body: 'json',
      atLeast: 'administrator',
      handle: (request, account) => add(options, request, account),
    },
    {
      method: 'post',
      path: '/api/console/staff/:id',
      body: 'json',
      atLeast: 'administrator',
      handle: (request, account) => change(options, request, account),
    },
    {
      method: 'post',
      path: '/api/console/staff/:id/invitation',
      body: 'unread',
      atLeast: 'administrator',
      handle: (request, account) => invite(options, request, account),
    },
  ])
}

async function list({ database }: StaffOptions, { role: mine }: StaffAccount): Promise<ApiResponse> {
  const isAdministrator = mine === 'administrator'
  const people = await listStaff(database)
  const staff: StaffRow[] = people
    .filter(({ isDisabled }) => isAdministrator || !isDisabled)
    .map((person) => ({
      ...meOf(person),
      load: person.load,
      disabled: person.isDisabled,
      lockedUntil: isAdministrator ? (person.lockedUntil?.toISOString() ?? null) : null,
    }))
  return { status: 200, body: { staff } }
}

async function add(options: StaffOptions, request: ApiRequest, { id: actorId }: StaffAccount): Promise<ApiResponse> {
  const { database, clock, secretBytes } = options
  const body = parsed(addBody, request.body)
  if (!body.ok) return body.response
  const at = clock()
  return database.tx(async (tx) => {
    const added = await addStaff(tx, { ...body.value, actorId, at })
    if (!added.ok) return refused(added)
    const { staffId } = added
    const { capacity, topics, tiers, team } = body.value
    const changed = await changeStaff(tx, { staffId, change: { capacity, topics, tiers, team }, actorId, at })
    if (!changed.ok) return refused(changed)
    const invited = await inviteStaff(tx, { staffId, publicUrl: request.baseUrl, actorId, secretBytes, at })
    if (!invited.ok) return refused(invited)
    return { status: 201, body: { id: staffId, invitationUrl: invited.invitationUrl } }
  })
}

async function change(options: StaffOptions, request: ApiRequest, { id: actorId }: StaffAccount): Promise<ApiResponse> {
  const { database, clock } = options
  const staffId = idOf(request.params.id)
  const body = parsed(changeBody, request.body)
  if (staffId === undefined) return refused({ code: 'unknown-staff' })
  if (!body.ok) return body.response
  const result = await database.tx((tx) => changeStaff(tx, { staffId, change: body.value, actorId, at: clock() }))
  return result.ok ? { status: 204 } : refused(result)
}

async function invite(options: StaffOptions, request: ApiRequest, { id: actorId }: StaffAccount): Promise<ApiResponse> {
  const { database, clock, secretBytes } = options
  const staffId = idOf(request.params.id)
  if (staffId === undefined) return refused({ code: 'unknown-staff' })
  const result = await database.tx((tx) =>
    inviteStaff(tx, { staffId, publicUrl: request.baseUrl, actorId, secretBytes, at: clock() }),
  )
  return result.ok ? { status: 200, body: { invitationUrl: result.invitationUrl } } : refused(result)
}
