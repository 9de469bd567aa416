import { chatWith, MEMBER, said } from './fake-conversations'

describe('two questions in a message', () => {
  test('are both answered', async () => {
    const chat = chatWith(MEMBER)
    const outcome = await chat.say('balance and secret')
    expect(said(outcome)).toEqual(['ten points', expect.stringMatching(/secret/)])
    expect(outcome.intent).toBe('balance')
  })

  test('are answered before what the first leads to is asked again', async () => {
    const chat = chatWith(MEMBER)
    expect(said(await chat.say('buy tea and balance'))).toEqual([
      ...['start "buy tea"', 'how many? (0)'],
      ...['ten points', 'Now, back to where we were.', 'how many? (0)'],
    ])
    expect(said(await chat.say('2'))).toEqual(['bought 2'])
  })

  test('are one while another question is open', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    expect(said(await chat.say('balance and secret'))).toEqual([
      'ten points',
      'Now, back to where we were.',
      'how many? (0)',
    ])
  })
})

describe('what is half understood', () => {
  test('is asked about, and a yes takes the only guess', async () => {
    const chat = chatWith(MEMBER)
    const outcome = await chat.say('perhaps')
    expect(outcome.intent).toBe('none')
    expect(said(outcome)).toEqual([
      "I'm not sure I got that. Do you mean “Title of balance”? If not, please say it in other words.",
    ])
    expect(said(await chat.say('yes please'))).toEqual(['ten points'])
  })

  test('is asked about with each of its meanings, and a way to say none', async () => {
    const chat = chatWith(MEMBER)
    const [reply] = (await chat.say('perhaps both')).replies
    expect(reply?.text).toMatch(/Is it one of these\?/)
    expect(reply?.quickReplies?.map(({ title }) => title)).toEqual([
      'Title of balance',
      'Title of buy',
      'Something else',
    ])
    expect(said(await chat.say('title of buy'))).toEqual(['start {}', 'how many? (0)'])
  })

  test('is not guessed at while a question is open', async () => {
    const chat = chatWith(MEMBER)
    await chat.say('buy tea')
    expect(said(await chat.say('perhaps'))).toEqual(['a number, please', 'how many? (0)'])
  })
})
