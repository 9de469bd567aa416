import { conversations } from '../../dialogs'
import type { Action, Reply } from '../../src/bot/contract'
import { createEngine, type Engine } from '../../src/bot/engine/engine'
import { changes } from './fixture-shop'
import type { ScenarioDatabase } from './rolled-back'
import { standInRecogniser } from './stand-in-recogniser'
import { buttonsOn, type Step, spoken } from './transcript'
import { type Chat, openChat, type Person } from './turns'

/** What a scenario plays on: the fixture shop, the real conversations, one chat. */
export class Stage {
  private engine: Engine = createEngine(conversations)
  private person: Person
  private readonly versions = new Map<string, number>()
  readonly chat: Chat
  last: readonly Reply[] = []

  constructor(
    readonly database: ScenarioDatabase,
    private readonly name: string,
    private readonly locale: 'en' | 'zh',
  ) {
    this.person = { memberId: 'M1', locale }
    this.chat = openChat({
      database,
      engine: () => this.engine,
      recognise: standInRecogniser,
      person: this.person,
      name,
      catalogue: true,
    })
  }

  async order({ verb, args, line }: Extract<Step, { kind: 'order' }>): Promise<void> {
    const [first = '', second] = args
    if (verb === 'as') this.become({ memberId: first })
    else if (verb === 'stranger') this.become({})
    else if (verb === 'group') this.become({ userId: first, isGroup: true, ...(second ? { memberId: second } : {}) })
    else if (verb === 'at') this.chat.at(new Date(first))
    else if (verb === 'deploy') this.deploy(first)
    else if (verb === 'run') await this.change(first, line)
    else throw new Error(`line ${line}: "${verb}" is no order`)
  }

  private become(person: Person): void {
    this.person = { ...person, locale: this.locale }
    this.chat.become(this.person)
  }

  private deploy(id: string): void {
    this.versions.set(id, (this.versions.get(id) ?? 0) + 1)
    this.engine = createEngine(
      conversations.map((each) => ({ ...each, version: each.version + (this.versions.get(each.id) ?? 0) })),
    )
  }

  private async change(name: string, line: number): Promise<void> {
    const change = changes[name]
    if (!change) throw new Error(`line ${line}: the fixture has no change "${name}"`)
    await change(this.database, this.name)
  }

  /** Says a text, presses "[a button]", or says what stands for {code}: the last code that was mailed. */
  async hear(text: string): Promise<readonly Reply[]> {
    const title = /^\[(.*)\]$/.exec(text)?.[1]
    const { replies } = title === undefined ? await this.chat.say(await this.filled(text)) : await this.press(title)
    this.last = replies
    // A button stays on the screen, and can be pressed when its question is long closed.
    for (const { title, action } of buttonsOn(replies)) this.shown.set(title, action)
    return replies
  }

  private async press(title: string) {
    const action = this.shown.get(title)
    if (!action) throw new Error(`there is no button "${title}" on:\n${spoken(this.last)}`)
    if (action === 'says-its-title') return this.chat.say(title)
    return this.chat.press(action.verb, JSON.parse(JSON.stringify(action.args)))
  }

  private readonly shown = new Map<string, Action | 'says-its-title'>()

  private async filled(text: string): Promise<string> {
    if (!text.includes('{')) return text
    const { sql } = this.database
    const [mail] = await sql<{ body: string }>`select body from mail order by id desc limit 1`
    const [mine] = await sql<{ code: string }>`
      select code from issued_coupon where member_id = 'M1' order by id desc limit 1`
    const [foreign] = await sql<{ code: string }>`select code from issued_coupon where member_id = 'M2' limit 1`
    return text
      .replace('{code}', /\d{3} \d{3}/.exec(mail?.body ?? '')?.[0] ?? 'no code')
      .replace('{coupon}', mine?.code ?? 'no coupon')
      .replace('{foreign}', foreign?.code ?? 'no coupon')
  }
}
