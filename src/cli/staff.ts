import { type Command, InvalidArgumentError, Option } from 'commander'
import { findStaffId, listStaff } from '../core/staff/account'
import { inviteStaff } from '../core/staff/invitation'
import { addStaff, changeStaff, type StaffChange } from '../core/staff/manage'
import { createPasswordHasher, type PasswordCost } from '../core/staff/password-hash'
import { ROLES, type Role } from '../core/staff/role'
import { givePassword } from '../core/staff/set-password'
import type { Database } from '../db/open'
import { type CliContext, CommandFailure } from './context'
import { readSecretLine, type SecretInput } from './secret-line'

export interface StaffCommandOptions {
  /** Where people reach the server, for the addresses of invitations. Throws where the configuration is not good. */
  publicUrl(): string
  /** Where `staff password` reads one. */
  readonly input: SecretInput
  /** Tests take a cheap one. */
  readonly cost?: PasswordCost
}

/** `staff list|add|invite|disable|enable|role|password`: who may sign in to the console. */
export function registerStaff(options: StaffCommandOptions) {
  return (program: Command, context: CliContext): void => {
    const group = program.command('staff').description('who may sign in to the console: add, invite, change')
    group
      .command('list')
      .description('everybody, with role and state')
      .action(() => list(context))
    group
      .command('add')
      .description('add somebody and print the address of an invitation, which is also mailed')
      .argument('<email>', 'their e-mail address', emailAddress)
      .requiredOption('--name <name>', 'the name that members see beside their answers', oneLine)
      .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('agent'))
      .addOption(new Option('--locale <locale>', 'the language of their console').choices(['en', 'zh']).default('en'))
      .action((email: string, flags: AddFlags) => add(context, options, email, flags))
    group
      .command('invite')
      .description('invite somebody again, or to a new password; an earlier invitation ends')
      .argument('<email>', 'their e-mail address')
      .action((email: string) => invite(context, options, email))
    for (const [name, disabled, says] of SWITCHES) {
      group
        .command(name)
        .description(says)
        .argument('<email>', 'their e-mail address')
        .action((email: string) => change(context, email, { disabled }))
    }
    group
      .command('role')
      .description('give somebody another role; they sign in again')
      .argument('<email>', 'their e-mail address')
      .argument('<role>', ROLES.join(', '), knownRole)
      .action((email: string, role: Role) => change(context, email, { role }))
    group
      .command('password')
      .description('give somebody a password, read from the terminal or as the first line of stdin; their sessions end')
      .argument('<email>', 'their e-mail address')
      .action((email: string) => password(context, options, email))
    group.addHelpText('after', '\nExamples:\n  regulars staff add ana@shop.example --name "Ana" --role administrator')
  }
}

const SWITCHES = [
  ['disable', true, 'let somebody sign in no more; their sessions and invitations end'],
  ['enable', false, 'let somebody sign in again; a pause after wrong passwords ends, too'],
] as const

interface AddFlags {
  readonly name: string
  readonly role: Role
  readonly locale: 'en' | 'zh'
}

const REFUSALS: Readonly<Record<string, string>> = {
  'email-taken': 'somebody has this address already',
  'unknown-staff': 'nobody has this address; "regulars staff list" shows who is there',
  disabled: 'this account is disabled; enable it first',
  'last-administrator': 'nobody else could sign in as an administrator; make another one first',
  'password-too-short': 'a password has at least 12 characters',
  'password-too-long': 'a password has at most 256 characters',
  'password-has-email': 'the password is made of the e-mail address',
  'password-has-name': 'the password is made of the name',
  'password-too-common': 'the password is one of those that are tried first',
}

async function list(context: CliContext): Promise<void> {
  const people = await listStaff(await context.database())
  if (people.length === 0)
    context.say('nobody yet; add somebody with "regulars staff add EMAIL --name NAME --role administrator"')
  else {
    context.table(
      [
        { title: 'id', value: (row) => row.id },
        { title: 'e-mail', value: (row) => row.email },
        { title: 'name', value: (row) => row.displayName },
        { title: 'role', value: (row) => row.role },
        { title: 'languages', value: (row) => row.languages.join(', ') },
        {
          title: 'state',
          value: (row) => (row.isDisabled ? 'disabled' : row.hasPassword ? 'has a password' : 'no password'),
        },
        { title: 'in hand', value: (row) => row.load },
      ],
      people,
    )
  }
  context.json({ staff: people })
}

async function add(context: CliContext, options: StaffCommandOptions, email: string, flags: AddFlags): Promise<void> {
  const publicUrl = options.publicUrl()
  const database = await context.database()
  const { name: displayName, role, locale } = flags
  const { secretBytes } = context
  const at = context.clock()
  const { id, invitationUrl } = await database.tx(async (tx) => {
    const added = await addStaff(tx, { email, displayName, role, locale, at })
    if (!added.ok) throw failureOf(added.code)
    const { staffId } = added
    const invited = await inviteStaff(tx, { staffId, publicUrl, secretBytes, at })
    if (!invited.ok) throw failureOf(invited.code)
    return { id: staffId, invitationUrl: invited.invitationUrl }
  })
  context.say(`added ${displayName} as ${role}; they choose a password here, within 72 hours:\n${invitationUrl}`)
  context.json({ id, email, role, invitationUrl })
}

async function invite(context: CliContext, options: StaffCommandOptions, email: string): Promise<void> {
  const publicUrl = options.publicUrl()
  const { database, staffId } = await personOf(context, email)
  const { secretBytes } = context
  const invited = await database.tx((tx) => inviteStaff(tx, { staffId, publicUrl, secretBytes, at: context.clock() }))
  if (!invited.ok) throw failureOf(invited.code)
  const { invitationUrl } = invited
  context.say(`invited ${email}; they choose a password here, within 72 hours:\n${invitationUrl}`)
  context.json({ id: staffId, email, invitationUrl })
}

async function change(context: CliContext, email: string, change: StaffChange): Promise<void> {
  const { database, staffId } = await personOf(context, email)
  const changed = await database.tx((tx) => changeStaff(tx, { staffId, change, at: context.clock() }))
  if (!changed.ok) throw failureOf(changed.code)
  const { role, disabled } = change
  context.say(`${email} ${role ? `is ${role} now` : disabled ? 'is disabled' : 'can sign in'}`)
  context.json({ id: staffId, email, ...change })
}

async function password(context: CliContext, options: StaffCommandOptions, email: string): Promise<void> {
  const { database, staffId } = await personOf(context, email)
  const given = await readSecretLine(options.input, { ask: () => context.ask(`the new password of ${email}:`) })
  const hasher = createPasswordHasher({ secretBytes: context.secretBytes, cost: options.cost })
  const result = await givePassword(database, { staffId, password: given, hasher, at: context.clock() })
  if (!result.ok) throw failureOf(result.code)
  context.say(`${email} has a new password, and is signed out everywhere`)
  context.json({ id: staffId, email, hasPassword: true })
}

async function personOf(context: CliContext, email: string): Promise<{ database: Database; staffId: number }> {
  const database = await context.database()
  const staffId = await findStaffId(database, { email })
  if (staffId === undefined) throw failureOf('unknown-staff')
  return { database, staffId }
}

function failureOf(code: string): CommandFailure {
  return new CommandFailure(REFUSALS[code] ?? code, { code })
}

function knownRole(text: string): Role {
  const role = ROLES.find((known) => known === text)
  if (role) return role
  throw new InvalidArgumentError(`Allowed choices are ${ROLES.join(', ')}.`)
}

function emailAddress(text: string): string {
  if (/^[^\s@<>"']+@[^\s@<>"']+$/.test(text.trim()) && text.length <= 254) return text.trim().toLowerCase()
  throw new InvalidArgumentError('Needed: an e-mail address.')
}

function oneLine(text: string): string {
  const name = text.trim()
  if (name !== '' && name.length <= 80 && !/\p{Cc}/u.test(name)) return name
  throw new InvalidArgumentError('Needed: a name of one line, at most 80 characters.')
}
