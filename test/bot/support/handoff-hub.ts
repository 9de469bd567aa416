import { postActivity } from './activity'
import { type LoopbackConnector, type Received, startLoopbackConnector } from './loopback-connector'

/** A channel's hub that takes conversations over, over HTTP: gets what the bot sends, and reports by events. */
export interface HandoffHub extends LoopbackConnector {
  /** The events of a name that the bot sent, in order. */
  events(name: string): readonly Received['activity'][]
  /** Reports on a conversation. `id`: the activity's; the same again is the same report. */
  report(url: string, report: { state: string; id: string; conversation?: string; from?: object }): Promise<number>
  /** Passes words of one of its people on. */
  say(url: string, words: { text: string; name: string; id: string }): Promise<number>
}

export async function startHandoffHub(): Promise<HandoffHub> {
  const connector = await startLoopbackConnector()
  const send = async (url: string, event: object, conversation = 'a:conversation') => {
    const { status } = await postActivity(url, {
      type: 'event',
      channelId: 'omnichannel',
      serviceUrl: connector.serviceUrl,
      from: { id: 'hub' },
      recipient: { id: '28:bot' },
      conversation: { id: conversation },
      ...event,
    })
    return status
  }
  return {
    ...connector,
    events: (name) => connector.received.map(({ activity }) => activity).filter((activity) => activity.name === name),
    report: (url, { state, id, conversation, from }) =>
      send(url, { id, name: 'handoff.status', value: { state }, ...(from ? { from } : {}) }, conversation),
    say: (url, { id, ...value }) => send(url, { id, name: 'handoff.message', value }),
  }
}
