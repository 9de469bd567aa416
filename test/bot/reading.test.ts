import { type Activity, parseActivity } from '../../src/bot/activity'
import { readActivity } from '../../src/bot/reading'
import { messageActivity } from './support/activity'

function identityOf(changes: Partial<Activity>): string {
  const parsed = parseActivity(messageActivity('https://smba.trafficmanager.net/', 'hello', changes))
  if (!parsed.ok) throw new Error(parsed.reason)
  const reading = readActivity(parsed.activity, () => 'new')
  if (reading.kind !== 'turn') throw new Error(`read as ${reading.kind}`)
  const { channel, tenantId, userId } = reading.incoming
  return JSON.stringify([channel, tenantId, userId])
}

describe('an id that a page may choose', () => {
  const from = { id: 'dl_anna' }
  const [here, there] = [{ id: 'one' }, { id: 'another' }]

  test.each(['directline', 'webchat'])(
    'is somebody else in every conversation of %s, whatever tenant it names',
    (channelId) => {
      const channelData = { tenant: { id: 'contoso' } }
      expect(identityOf({ channelId, from, conversation: here })).not.toBe(
        identityOf({ channelId, from, conversation: there }),
      )
      expect(identityOf({ channelId, from, conversation: here, channelData })).toBe(
        identityOf({ channelId, from, conversation: here }),
      )
    },
  )

  test('is never that of our own web chat', () => {
    expect(identityOf({ channelId: 'directline', from, conversation: here })).not.toContain('"directline"')
  })
})

test('a Teams user is the same in every conversation of the tenant, and somebody else in another', () => {
  const identityIn = (id: string, tenant: string) =>
    identityOf({ channelId: 'msteams', conversation: { id }, channelData: { tenant: { id: tenant } } })
  expect(identityIn('one', 'contoso')).toBe(identityIn('another', 'contoso'))
  expect(identityIn('one', 'contoso')).not.toBe(identityIn('one', 'fabrikam'))
})
