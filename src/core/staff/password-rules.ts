const LENGTH_MIN = 12
const LENGTH_MAX = 256
/** Parts of a name or an address shorter than this are in too many words. */
const PART_MIN = 4

export type PasswordRefusal =
  | 'password-too-short'
  | 'password-too-long'
  | 'password-has-email'
  | 'password-has-name'
  | 'password-too-common'

/**
 * Why a password may not be taken, by the rules of NIST SP 800-63B (3.1.1.2): 12 characters of any kind, no rules of
 * composition, nothing that stands around the account, none of those that are tried first. Undefined: it may.
 */
export function passwordRefusal({
  password,
  email,
  displayName,
}: {
  password: string
  email: string
  displayName: string
}): PasswordRefusal | undefined {
  const characters = [...password.normalize('NFKC')]
  if (characters.length < LENGTH_MIN) return 'password-too-short'
  if (characters.length > LENGTH_MAX) return 'password-too-long'
  const plain = plainOf(password)
  if (isMadeOf(plain, [email, ...email.split(/[@.+_-]/)])) return 'password-has-email'
  if (isMadeOf(plain, [displayName, ...displayName.split(/\s+/)])) return 'password-has-name'
  return isCommon(password) ? 'password-too-common' : undefined
}

/** Whether little is left of it without one of the parts. A word of the name in a long sentence is no harm. */
function isMadeOf(plain: string, parts: readonly string[]): boolean {
  return parts
    .map((part) => plainOf(part))
    .some((part) => [...part].length >= PART_MIN && [...plain.replaceAll(part, '')].length < PART_MIN + PART_MIN)
}

/** Lower case, no blanks or punctuation, and letters for the digits and signs that are put in their place. */
function plainOf(text: string): string {
  return lettersOf(bareOf(text))
}

/** Lower case, without blanks and punctuation but for the signs that stand for letters. */
function bareOf(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}@$]/gu, '')
}

function lettersOf(bare: string): string {
  return bare.replace(/[0134578@$]/g, (sign) => LETTERS[sign] ?? sign)
}

const LETTERS: Readonly<Record<string, string>> = {
  0: 'o',
  1: 'i',
  3: 'e',
  4: 'a',
  5: 's',
  7: 't',
  8: 'b',
  '@': 'a',
  $: 's',
}

/** Of what the published lists of leaked passwords begin with, the words that long ones are made of. */
const COMMON_WORDS = [
  'password passwort letmein welcome administrator admin iloveyou monkey dragon sunshine princess football baseball',
  'master shadow superman batman trustno1 whatever starwars pokemon computer internet secret login access default changeme',
  'qwerty qwertz azerty qwertyuiop asdfghjkl zxcvbnm qazwsx qazwsxedc asdf zxcv qwer abc',
  'google facebook samsung microsoft regulars kettlewick customer service support helpdesk test testing guest user root',
  'summer winter spring autumn january february monday friday hello freedom michael jennifer jordan hunter killer charlie',
  'correcthorsebatterystaple woaini mima nihao zhongguo 你好 我爱你 密码',
]
  .flatMap((line) => line.split(' '))
  .map(plainOf)
  // Longer ones first, so that what is left of a word is not mistaken for another.
  .sort((a, b) => b.length - a.length)

/** Fewer than this many characters of one's own are guessed with the common ones. */
const OWN_MIN = 4

function isCommon(password: string): boolean {
  const bare = bareOf(password)
  if (isRepeated(bare)) return true
  const uncounted = withoutRuns(bare.replace(/(19|20)\d\d|1314|520/g, ''))
  const own = COMMON_WORDS.reduce((left, word) => left.replaceAll(word, ''), lettersOf(uncounted))
  return [...own].length < OWN_MIN
}

/** One piece of up to six characters, again and again. */
function isRepeated(bare: string): boolean {
  return /^(.{1,6}?)\1+.{0,5}$/u.test(bare)
}

const RUN_MIN = 3

/** Without digits and letters that count on, back or on the spot: 123456, cba, 000. */
function withoutRuns(bare: string): string {
  const characters = [...bare]
  const step = (index: number) =>
    (characters[index + 1]?.codePointAt(0) ?? Number.NaN) - characters[index]!.codePointAt(0)!
  let kept = ''
  for (let index = 0; index < characters.length; ) {
    const direction = step(index)
    let end = index
    if (Math.abs(direction) <= 1) while (end + 1 < characters.length && step(end) === direction) end += 1
    const length = end - index + 1
    if (length < RUN_MIN) kept += characters[index]
    index += length < RUN_MIN ? 1 : length
  }
  return kept
}
