import { createInterface } from 'node:readline'
import { type Command, Option } from 'commander'
import type { Recogniser } from '../bot/turn/pipeline'
import { type Locale, locales } from '../core/locale'
import type { Db } from '../db/sql'
import type { CliContext } from './context'
import type { Register } from './program'

interface UnderstandOptions {
  locale?: Locale
}

export interface UnderstandDeps {
  loadRecogniser(db: Db | undefined): Promise<Recogniser>
  input: NodeJS.ReadableStream
}

/** `understand`: recognition only, a message a line in and a JSON a line out. */
export function registerUnderstand({ loadRecogniser, input }: UnderstandDeps): Register {
  return (program: Command, context: CliContext) => {
    program
      .command('understand')
      .description('says what messages mean: one message a line in, one JSON a line out; "none" where unsure')
      .addOption(
        new Option('--locale <locale>', 'the language of a message whose letters do not tell it').choices([...locales]),
      )
      .addHelpText('after', '\nExample:\n  echo "how many points do I have" | regulars understand')
      .action(async ({ locale = 'en' }: UnderstandOptions) => {
        const recogniser = await loadRecogniser(await databaseIfAny(context))
        for await (const said of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
          const { locale: heard, intent, score, entities } = recogniser.recognise(said, { locale })
          context.json({ said, locale: heard, intent, score, entities })
        }
      })
  }
}

/** Only the catalogue's names need a database; all else is understood without one. */
async function databaseIfAny(context: CliContext): Promise<Db | undefined> {
  try {
    return await context.database()
  } catch (error) {
    context.say(
      `without a database (${(error as Error).message.split('\n')[0]}): products and categories are not named`,
    )
    return undefined
  }
}
