import { secretBytes } from '../../../src/core/clock'
import { createPasswordHasher, TooManyHashes } from '../../../src/core/staff/password-hash'
import { passwordRefusal } from '../../../src/core/staff/password-rules'

const ana = { email: 'ana.pereira@shop.example', displayName: 'Ana Pereira' }
const cheap = { log2N: 4, r: 8, p: 1 }

describe('the rules', () => {
  test.each([
    ['eleven char', 'password-too-short'],
    ['', 'password-too-short'],
    ['🐈🐈🐈🐈🐈🐈', 'password-too-short'],
    ['x'.repeat(257), 'password-too-long'],
    ['ana.pereira@shop.example', 'password-has-email'],
    ['Ana.Pereira2024', 'password-has-email'],
    ['anapereira12', 'password-has-email'],
    ['password1234', 'password-too-common'],
    ['P@ssw0rd2024!', 'password-too-common'],
    ['Passw0rd!Passw0rd!', 'password-too-common'],
    ['123456789012', 'password-too-common'],
    ['qwertyuiop123', 'password-too-common'],
    ['aaaaaaaaaaaa', 'password-too-common'],
    ['abcabcabcabc', 'password-too-common'],
    ['abcdefghijkl', 'password-too-common'],
    ['Summer2024!!', 'password-too-common'],
    ['我爱你我爱你我爱你我爱你', 'password-too-common'],
    ['correct horse battery staple', 'password-too-common'],
  ])('%j is refused: %s', (password, code) => {
    expect(passwordRefusal({ ...ana, password })).toBe(code)
  })

  test.each([
    'nine green kettles',
    'ana likes seven brown otters',
    'xkqvpzwmtbru',
    '每天早上喝一壶好茶再去上班',
    'my password is a long sentence about otters',
    'x'.repeat(3) + 'otter pond gate '.repeat(4).trim(),
  ])('%j may be taken, without any digit or sign', (password) => {
    expect(passwordRefusal({ ...ana, password })).toBeUndefined()
  })

  test('a name that is too short to count does not forbid passwords', () => {
    expect(passwordRefusal({ email: 'li@a.cn', displayName: 'Li', password: 'brilliantly li' })).toBeUndefined()
  })
})

describe('hashes', () => {
  test('cost 128 MB as they are stored, and tell the right password from others', async () => {
    const hasher = createPasswordHasher({ secretBytes })
    const hash = await hasher.hash('nine green kettles')
    expect(hash).toMatch(/^\$scrypt\$ln=17,r=8,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(await hasher.verify('nine green kettles', hash)).toBe(true)
    expect(hasher.isDated(hash)).toBe(false)
  })

  const hasher = createPasswordHasher({ secretBytes, cost: cheap })

  test('never are the same twice, and take one text for one password', async () => {
    const [one, other] = [await hasher.hash('café au lait, café'), await hasher.hash('café au lait, café')]
    expect(one).not.toBe(other)
    expect(await hasher.verify('cafe\u0301 au lait, café', one)).toBe(true)
    expect(await hasher.verify('cafe au lait, cafe', one)).toBe(false)
    expect(await hasher.verify('', one)).toBe(false)
    expect(createPasswordHasher({ secretBytes, cost: { ...cheap, log2N: 5 } }).isDated(one)).toBe(true)
  })

  test('without a hash nothing is right', async () => {
    const zeros = createPasswordHasher({ secretBytes: (length) => Buffer.alloc(length), cost: cheap })
    expect(await zeros.verify('', null)).toBe(false)
  })

  test('what is no hash of ours throws, and is not quoted', async () => {
    const strange = '$scrypt$ln=30,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA'
    await expect(hasher.verify('x', strange)).rejects.toThrow('not one of ours')
  })

  test('more than 2 at once and 16 waiting are refused, and those before are done', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 25 }, () => hasher.hash('nine green kettles')))
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(18)
    for (const one of asked) if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(TooManyHashes)
    await hasher.hash('and afterwards it goes on')
  })
})
