import { cookieIn, setCookie } from '../../src/http/cookies'

test.each([
  ['a=1', 'a', '1'],
  ['b=2; a=1', 'a', '1'],
  ['b=2;a=1 ;c=3', 'a', '1'],
  ['a=1; a=2', 'a', '1'],
  ['a=x=y', 'a', 'x=y'],
  ['a=', 'a', ''],
  ['', 'a', undefined],
  ['a', 'a', undefined],
  ['=1', '', undefined],
  ['xa=1', 'a', undefined],
  ['A=1', 'a', undefined],
  ['__proto__=1', 'toString', undefined],
])('of %j the cookie %j is %j', (header, name, value) => {
  expect(cookieIn(header, name)).toBe(value)
})

test('a cookie is for no script, and its value for no other header', () => {
  const flags = { path: '/', sameSite: 'Strict', secure: true, maxAgeSeconds: 60 } as const
  expect(setCookie('a', 'x_-9', flags)).toBe('a=x_-9; Path=/; Max-Age=60; HttpOnly; SameSite=Strict; Secure')
  expect(setCookie('a', '', { ...flags, secure: false, sameSite: 'Lax' })).toBe(
    'a=; Path=/; Max-Age=60; HttpOnly; SameSite=Lax',
  )
  for (const value of ['a;b', 'a\r\nb', 'a b', 'é']) expect(() => setCookie('a', value, flags)).toThrow('the cookie a')
})
