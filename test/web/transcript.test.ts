import * as fc from 'fast-check'
import {
  accepted,
  delivering,
  emptyTranscript,
  type IncomingActivity,
  isLogged,
  isWithPerson,
  quickReplies,
  received,
  sending,
  type Transcript,
} from '../../src/web/chat/model/transcript'

const me = 'dl_me'
const at = Date.parse('2026-11-22T10:00:00Z')

const fromBot = (seq: number, text: string): IncomingActivity => ({
  type: 'message',
  id: `c|${seq}`,
  from: { id: 'bot', role: 'bot' },
  text,
})
const echo = (seq: number, clientId: string, text: string): IncomingActivity => ({
  type: 'message',
  id: `c|${seq}`,
  from: { id: me, role: 'user' },
  text,
  channelData: { clientActivityID: clientId },
})
const take = (transcript: Transcript, ...activities: IncomingActivity[]): Transcript =>
  activities.reduce((so, activity) => received(so, activity, me, at), transcript)
const shown = ({ entries }: Transcript): string[] => entries.map(({ text, delivery }) => `${text} (${delivery})`)

describe('a person of the merchant’s', () => {
  const fromAgent = (seq: number, name: string): IncomingActivity => ({
    ...fromBot(seq, `I am ${name}`),
    from: { id: 'agent:7', name, role: 'bot' },
  })

  test('is named on what they say, and has the conversation until the bot speaks again', () => {
    let transcript = take(emptyTranscript, fromBot(1, 'hello'))
    expect(isWithPerson(transcript)).toBe(false)
    transcript = take(transcript, fromAgent(2, 'Maya'), echo(3, 'a', 'thanks'))
    expect(isWithPerson(transcript)).toBe(true)
    expect(transcript.entries.map(({ agent }) => agent)).toEqual([undefined, 'Maya', undefined])
    expect(isWithPerson(take(transcript, fromBot(4, 'I am back')))).toBe(false)
  })

  test('nobody makes themselves one by a name', () => {
    const named = { ...echo(1, 'a', 'hi'), from: { id: 'agent:7', name: 'Maya', role: 'user' } }
    const bot = { ...fromBot(2, 'hi'), from: { id: 'regulars', name: 'Kettlewick', role: 'bot' } }
    expect(take(emptyTranscript, named, bot).entries.map(({ agent }) => agent)).toEqual([undefined, undefined])
  })
})

describe('a transcript', () => {
  test('shows an own message once, from sending to its echo', () => {
    let transcript = sending(emptyTranscript, { clientId: 'a', text: 'Hi' }, at)
    expect(shown(transcript)).toEqual(['Hi (sending)'])
    transcript = take(transcript, echo(1, 'a', 'Hi'))
    expect(shown(transcript)).toEqual(['Hi (sent)'])
    transcript = accepted(transcript, 'a')
    expect(shown(take(transcript, fromBot(2, 'Hello')))).toEqual(['Hi (sent)', 'Hello (sent)'])
  })

  test('keeps the place of a message that was accepted before its echo came', () => {
    let transcript = accepted(sending(emptyTranscript, { clientId: 'a', text: 'Hi' }, at), 'a')
    transcript = take(transcript, fromBot(2, 'Hello'), echo(1, 'a', 'Hi'))
    expect(shown(transcript)).toEqual(['Hi (sent)', 'Hello (sent)'])
  })

  test('puts what the bot says before what is still on its way', () => {
    const transcript = take(sending(emptyTranscript, { clientId: 'a', text: 'Hi' }, at), fromBot(1, 'News'))
    expect(shown(transcript)).toEqual(['News (sent)', 'Hi (sending)'])
  })

  test('a failed message becomes sent when its echo shows that it had arrived', () => {
    const failed = delivering(sending(emptyTranscript, { clientId: 'a', text: 'Hi' }, at), 'a', 'failed')
    expect(shown(failed)).toEqual(['Hi (failed)'])
    expect(shown(take(failed, echo(1, 'a', 'Hi')))).toEqual(['Hi (sent)'])
  })

  test('a message that was sent does not fail afterwards', () => {
    const sent = take(sending(emptyTranscript, { clientId: 'a', text: 'Hi' }, at), echo(1, 'a', 'Hi'))
    expect(delivering(sent, 'a', 'failed')).toEqual(sent)
  })

  test('shows the words of a button, now and when the log is read again', () => {
    const outgoing = { clientId: 'a', text: '', value: { verb: 'points-balance' }, displayText: 'My points' }
    expect(shown(sending(emptyTranscript, outgoing, at))).toEqual(['My points (sending)'])
    const activity = {
      ...echo(1, 'a', ''),
      channelData: { clientActivityID: 'a', messageBack: { displayText: 'My points' } },
    }
    expect(shown(take(emptyTranscript, activity))).toEqual(['My points (sent)'])
  })

  test('offers the quick replies of the last thing said only, and only the bot’s', () => {
    const offer = {
      ...fromBot(1, 'Choose'),
      suggestedActions: { actions: [{ type: 'imBack', title: 'Yes', value: 'Yes' }] },
    }
    const offered = take(emptyTranscript, offer)
    expect(quickReplies(offered)).toHaveLength(1)
    expect(quickReplies(sending(offered, { clientId: 'a', text: 'Yes' }, at))).toEqual([])
    expect(quickReplies(take(offered, fromBot(2, 'Well?')))).toEqual([])
  })

  test('does not offer again what the card’s own buttons do', () => {
    const value = (verb: string, args: object) => ({ verb, args })
    const button = (data: object) => ({ type: 'Action.Execute', title: 'Choose', data })
    const body = [
      { type: 'Container', items: [{ type: 'ActionSet', actions: [button(value('redeem', { b: 2, a: 1 }))] }] },
    ]
    const actions = [value('redeem', { a: 1, b: 2 }), value('redeem', { a: 2, b: 2 }), value('help', {})].map(
      (each, index) => ({
        type: 'messageBack',
        title: String(index),
        value: each,
      }),
    )
    const offer = {
      ...fromBot(1, 'Choose'),
      attachments: [{ contentType: 'card', content: { body } }],
      suggestedActions: { actions: [...actions, { type: 'imBack', title: '3', value: '3' }] },
    }
    expect(quickReplies(take(emptyTranscript, offer)).map(({ title }) => title)).toEqual(['1', '2', '3'])
  })

  test.each([
    ['typing', { type: 'typing', id: 'c|1' }],
    ['an event', { type: 'event', id: 'c|1', text: 'x' }],
  ])('does not show %s', (_name, activity) => {
    expect(take(emptyTranscript, activity)).toBe(emptyTranscript)
  })

  test('knows what the log keeps from what is said in passing', () => {
    expect(isLogged({ type: 'message', id: 'c-1|0000012' })).toBe(true)
    expect(isLogged({ type: 'message', id: 'c-1|2f1c9a2e-0c7b-4c7e-9d3e-aaaaaaaaaaaa' })).toBe(false)
  })

  test('whatever arrives twice, late or again after a broken connection, everything shows once and in order', () => {
    const log = fc
      .array(fc.boolean(), { minLength: 1, maxLength: 20 })
      .map((sides) =>
        sides.map((mine, index) => (mine ? echo(index, `k${index}`, `m${index}`) : fromBot(index, `m${index}`))),
      )
    const replays = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 6 })
    fc.assert(
      fc.property(
        log,
        replays,
        fc.array(fc.boolean(), { minLength: 20, maxLength: 20 }),
        (activities, again, early) => {
          let transcript = emptyTranscript
          activities.forEach((activity, index) => {
            // Own messages are shown before the server has them, and sometimes accepted before their echo.
            if (activity.from?.id === me) {
              transcript = sending(transcript, { clientId: `k${index}`, text: `m${index}` }, at)
              if (early[index]) transcript = accepted(transcript, `k${index}`)
            }
            transcript = take(transcript, activity)
            for (const [from, to] of again)
              transcript = take(transcript, ...activities.slice(0, index + 1).slice(from, to))
          })
          expect(transcript.entries.map(({ text }) => text)).toEqual(activities.map(({ text }) => text))
          expect(transcript.entries.every(({ delivery }) => delivery === 'sent')).toBe(true)
        },
      ),
      { numRuns: 300, seed: 20_261_122 },
    )
  })
})
