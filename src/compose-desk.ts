import type { Logger } from 'pino'
import type { Outbox } from './bot/connector/outbox'
import type { Hub } from './bot/directline/hub'
import type { Engine } from './bot/engine/engine'
import { createDesk, type Desk } from './bot/handoff/desk'
import { createDeskHub, type DeskHub } from './bot/handoff/desk-hub'
import type { Loop } from './bot/loop'
import type { Notifications } from './bot/notifications'
import type { Clock, NewId, SecretBytes } from './core/clock'
import type { Database } from './db/open'
import { createConsoleStreamService, createDeskService } from './desk-service'
import type { StaffAccess } from './http/api/console/access'
import { deskRoutes } from './http/api/console/desk'
import { type ConsoleStreams, createConsoleStreams } from './http/console-stream'
import type { Route } from './http/route'

export interface DeskParts {
  readonly desk: Desk
  readonly deskHub: DeskHub
  readonly routes: readonly Route[]
  readonly streams: ConsoleStreams
  readonly loops: readonly Loop[]
}

/** Puts the desk together: what people do, what consoles hear of it, and what time brings. */
export function composeDesk(options: {
  readonly database: Database
  readonly clock: Clock
  readonly newId: NewId
  readonly secretBytes: SecretBytes
  readonly logger: Logger
  readonly engine: Engine
  readonly hub: Hub
  readonly outbox: Outbox
  readonly notifications: Notifications
  readonly botName: string
  readonly staffAccess: StaffAccess
}): DeskParts {
  const { database, clock, staffAccess } = options
  const deskHub = createDeskHub(options)
  const desk = createDesk({ ...options, deskHub })
  const service = { database, clock, desk, deskHub }
  return {
    desk,
    deskHub,
    routes: deskRoutes(createDeskService(service), staffAccess),
    streams: createConsoleStreams(createConsoleStreamService(service), staffAccess),
    loops: [deskHub, desk.loop],
  }
}
