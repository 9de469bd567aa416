import type { IncomingMessage } from 'node:http'
import { addressOf } from '../../src/http/address'

test.each([
  ['198.51.100.7', undefined, '198.51.100.7'],
  ['198.51.100.7', '203.0.113.9', '198.51.100.7'],
  ['10.0.0.2', '203.0.113.9', '203.0.113.9'],
  ['127.0.0.1', '6.6.6.6, 203.0.113.9', '203.0.113.9'],
  ['::ffff:172.20.0.5', '203.0.113.9, 10.1.1.1', '203.0.113.9'],
  ['fd00::1', '2001:db8::5', '2001:db8::5'],
  ['10.0.0.2', '203.0.113.9:50123', '203.0.113.9'],
  ['10.0.0.2', '6.6.6.6:1, 203.0.113.9:50124, 10.0.0.3:443', '203.0.113.9'],
  ['10.0.0.2', '[2001:db8::5]:50123', '2001:db8::5'],
  ['10.0.0.2', '[2001:db8::5]', '2001:db8::5'],
  ['192.168.1.1', '', '192.168.1.1'],
  ['10.0.0.2', '10.0.0.3, 192.168.0.1', '10.0.0.2'],
  ['172.32.0.1', '203.0.113.9', '172.32.0.1'],
])('from %s with X-Forwarded-For %s it is %s', (remoteAddress, forwarded, expected) => {
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }
  expect(addressOf({ socket: { remoteAddress }, headers } as unknown as IncomingMessage)).toBe(expected)
})
