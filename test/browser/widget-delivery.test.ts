import type { Browser } from 'playwright-core'
import { describeInBrowser, launchBrowser } from '../support/browser'
import { kindSentence, type MockChatServer, startMockChatServer } from '../web/mock-chat-server'
import { ChatPage, eventually, webFolder } from './chat-page'

jest.setTimeout(60_000)

/** The widget against a server that fails in every way a network or server does: nothing is lost, nothing done twice. */
describeInBrowser('what is written in the chat', () => {
  let browser: Browser
  let server: MockChatServer
  let chat: ChatPage

  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())
  beforeEach(async () => {
    server = await startMockChatServer(webFolder)
    server.bot = (activity) =>
      activity.type === 'message' ? [{ text: `Heard ${activity.text}` }] : [{ text: 'Welcome' }]
    chat = await ChatPage.open(browser, server.origin)
    await chat.launcher.click()
    await chat.log.getByText('Welcome').waitFor()
    await chat.chat.locator('.status[data-status="online"]').waitFor()
  })
  afterEach(async () => {
    expect(chat.troubles).toEqual([])
    await chat.close()
    await server.close()
  })

  test('arrives once and is answered', async () => {
    await chat.say('one')
    await chat.log.getByText('Heard one').waitFor()
    expect(await chat.bubbles()).toEqual(['Welcome', 'one', 'Heard one'])
    expect(server.accepted).toMatchObject([{ text: 'one', locale: 'en-GB' }])
    expect(await chat.input.inputValue()).toBe('')
  })

  test('arrives once when the server’s answer was lost and it is sent again', async () => {
    server.failures.push({ status: 502, arrives: true }, { status: 500 })
    await chat.say('one')
    await eventually('the answers were lost', () => server.failures.length === 0)
    await chat.say('two')
    await chat.log.getByText('Heard two').waitFor()
    await chat.chat.getByText('Sending…').waitFor({ state: 'detached' })
    expect(await chat.bubbles()).toEqual(['Welcome', 'one', 'Heard one', 'two', 'Heard two'])
    expect(server.accepted).toHaveLength(2)
  })

  test('says that it failed, why in the server’s own words, and is sent under the same id when asked', async () => {
    const unavailable = { status: 503, body: { error: { code: 'unavailable', message: kindSentence } } }
    server.failures.push(unavailable, unavailable, unavailable, unavailable)
    await chat.say('one')
    await chat.chat.getByText('Not sent.').waitFor({ timeout: 20_000 })
    expect(await chat.chat.getByRole('alert').innerText()).toContain(kindSentence)
    expect(server.accepted).toHaveLength(0)
    await chat.chat.getByRole('button', { name: 'Try again' }).click()
    await chat.log.getByText('Heard one').waitFor()
    expect(await chat.bubbles()).toEqual(['Welcome', 'one', 'Heard one'])
    expect(await chat.chat.getByRole('alert').innerText()).toBe('')
  })

  test('is refused without further tries when the server will not have it', async () => {
    server.failures.push({ status: 400 })
    await chat.say('one')
    await chat.chat.getByText('Not sent.').waitFor({ timeout: 2_000 })
    expect(server.accepted).toHaveLength(0)
  })

  test('a button pressed twice counts once', async () => {
    server.say({
      text: 'Sure?',
      suggestedActions: {
        actions: [{ type: 'messageBack', title: 'Yes', text: 'Yes', value: { verb: 'confirm', args: {} } }],
      },
    })
    server.say({ attachments: [card] })
    await chat.chat.getByRole('button', { name: 'Redeem' }).dblclick()
    await chat.log.getByText('Heard').waitFor()
    expect(server.accepted).toMatchObject([
      { value: { verb: 'redeem', args: { id: 7 } }, channelData: { messageBack: { displayText: 'Redeem' } } },
    ])
    expect(await chat.count('Redeem')).toBe(1)
  })

  test('a quick reply brings its value, shows its words, and goes away', async () => {
    server.say({
      text: 'Sure?',
      suggestedActions: {
        actions: [
          {
            type: 'messageBack',
            title: 'Yes',
            displayText: 'Yes!',
            text: 'Yes',
            value: { verb: 'confirm', args: { a: 1 } },
          },
          { type: 'imBack', title: 'No', value: 'No thanks' },
        ],
      },
    })
    await chat.chat.getByRole('button', { name: 'Yes', exact: true }).click()
    await chat.log.getByText('Heard Yes').waitFor()
    expect(server.accepted).toMatchObject([{ text: 'Yes', value: { verb: 'confirm', args: { a: 1 } } }])
    expect(await chat.bubbles()).toEqual(['Welcome', 'Sure?', 'Yes!', 'Heard Yes'])
    expect(await chat.chat.getByRole('button', { name: 'No', exact: true }).count()).toBe(0)
  })

  test('nothing is lost or doubled when the socket drops', async () => {
    await chat.say('one')
    await chat.log.getByText('Heard one').waitFor()
    server.dropSockets()
    server.say({ text: 'While away' })
    await chat.log.getByText('While away').waitFor()
    await chat.say('two')
    await chat.log.getByText('Heard two').waitFor()
    server.dropSockets()
    await chat.chat.locator('.status[data-status="online"]').waitFor()
    expect(await chat.bubbles()).toEqual(['Welcome', 'one', 'Heard one', 'While away', 'two', 'Heard two'])
  })

  test('nothing is missed when the socket is dead without knowing', async () => {
    server.mute = true
    await chat.say('one')
    await eventually('it has arrived', () => server.accepted.length === 1)
    server.mute = false
    await chat.log.getByText('Heard one').waitFor()
    expect(await chat.bubbles()).toEqual(['Welcome', 'one', 'Heard one'])
    expect(server.accepted).toHaveLength(1)
  })

  test('waits while there is no network, and goes out when it is back', async () => {
    await chat.context.setOffline(true)
    server.dropSockets()
    await chat.chat.getByText('You are offline.').waitFor()
    await chat.say('one')
    await chat.chat.getByText('Waiting for the connection').waitFor()
    await chat.screenshot('offline')
    await chat.context.setOffline(false)
    await chat.log.getByText('Heard one').waitFor()
    expect(await chat.bubbles()).toEqual(['Welcome', 'one', 'Heard one'])
    expect(await chat.chat.getByText('You are offline.').count()).toBe(0)
  })

  test('is kept over a reload, with what had not gone out yet', async () => {
    await chat.say('one')
    await chat.log.getByText('Heard one').waitFor()
    server.down = true
    server.dropSockets()
    await chat.chat.locator('.status[data-status="reconnecting"]').waitFor()
    await chat.say('two')
    await chat.page.reload()
    server.down = false
    await chat.log.getByText('Heard two').waitFor()
    expect(await chat.bubbles()).toEqual(['Welcome', 'one', 'Heard one', 'two', 'Heard two'])
    expect(server.accepted).toHaveLength(2)
    expect(server.sessionsOpened.filter(({ resume }) => resume === undefined)).toHaveLength(1)
  })

  test('a server that is away is named kindly, and found again by itself', async () => {
    server.down = true
    server.dropSockets()
    await chat.chat.getByRole('alert').getByText(kindSentence).waitFor()
    server.down = false
    // On a busy machine it has found the server by itself before the button is pressed.
    await chat.chat
      .getByRole('button', { name: 'Try now' })
      .click({ timeout: 2_000 })
      .catch(() => undefined)
    await chat.chat.locator('.status[data-status="online"]').waitFor()
    expect(await chat.chat.getByRole('alert').innerText()).toBe('')
  })

  test('a conversation that the server has lost is followed by a new one, and says so', async () => {
    await chat.say('one')
    await chat.log.getByText('Heard one').waitFor()
    server.endConversations()
    await chat.chat.getByText('Your earlier conversation has ended').waitFor()
    await chat.log.getByText('Welcome').waitFor()
    expect(await chat.bubbles()).toEqual(['Welcome'])
  })

  test('what the server says in passing stands above the conversation, not in it', async () => {
    const failure = { status: 503, body: { error: { message: kindSentence } } }
    server.failures.push(failure)
    server.whisper({ text: kindSentence })
    await chat.chat.getByRole('alert').getByText(kindSentence).waitFor()
    expect(await chat.bubbles()).toEqual(['Welcome'])
  })
})

describeInBrowser('a network that lets no websocket through', () => {
  let browser: Browser
  let server: MockChatServer

  beforeAll(async () => {
    browser = await launchBrowser()
    server = await startMockChatServer(webFolder)
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  test('is served by polling', async () => {
    server.sockets = false
    const chat = await ChatPage.open(browser, server.origin)
    await chat.launcher.click()
    await chat.chat.locator('.status[data-status="online"]').waitFor({ timeout: 20_000 })
    await chat.say('one')
    await chat.log.getByText('Heard one').waitFor()
    expect(await chat.bubbles()).toEqual(['one', 'Heard one'])
    expect(chat.troubles).toEqual([])
  })
})

const card = {
  contentType: 'application/vnd.microsoft.card.adaptive',
  content: {
    type: 'AdaptiveCard',
    version: '1.5',
    body: [{ type: 'TextBlock', text: 'A coupon', wrap: true }],
    actions: [{ type: 'Action.Execute', title: 'Redeem', verb: 'redeem', data: { verb: 'redeem', args: { id: 7 } } }],
  },
}
