import { isServiceUrlAllowed } from '../../src/bot/connector/service-url'

const live = { demo: false, allowedHosts: [] }
const demo = { demo: true, allowedHosts: [] }

test.each([
  'https://smba.trafficmanager.net/emea/',
  'https://smba.infra.gcc.teams.microsoft.com/gcc/',
  'https://webchat.botframework.com/',
  'https://directline.botframework.azure.us/',
  'https://europe.slack.botframework.com',
])('%s is a channel of Bot Framework', (serviceUrl) => {
  expect(isServiceUrlAllowed(serviceUrl, live)).toBe(true)
  expect(isServiceUrlAllowed(serviceUrl, demo)).toBe(false)
})

test.each([
  'http://smba.trafficmanager.net/emea/',
  'https://smba.trafficmanager.net.evil.example/',
  'https://evil.trafficmanager.net/',
  'https://botframework.com.evil.example/',
  'https://evilbotframework.com/',
  'https://botframework.com@evil.example/',
  'https://user:pass@webchat.botframework.com/',
  'https://169.254.169.254/latest/meta-data/',
  'https://10.0.0.1/',
  'http://localhost:3978/',
  'https://127.0.0.1/',
  'https://[::1]/',
])('%s is foreign', (serviceUrl) => {
  expect(isServiceUrlAllowed(serviceUrl, live)).toBe(false)
})

test.each(['http://localhost:56150/_connector', 'http://127.0.0.1:9/', 'http://[::1]:9/', 'http://127.1:9/'])(
  '%s is this machine, for demo mode',
  (serviceUrl) => {
    expect(isServiceUrlAllowed(serviceUrl, demo)).toBe(true)
  },
)

test.each([
  'http://localhost.evil.example/',
  'http://127.0.0.1.evil.example/',
  'http://0x7f000001.example/',
  'http://10.0.0.1/',
])('%s is not this machine', (serviceUrl) => {
  expect(isServiceUrlAllowed(serviceUrl, demo)).toBe(false)
})

test('a host on the list is allowed by https, and by http only on this machine', () => {
  const rules = { demo: false, allowedHosts: ['proxy.example', '127.0.0.1'] }
  expect(isServiceUrlAllowed('https://proxy.example/', rules)).toBe(true)
  expect(isServiceUrlAllowed('http://proxy.example/', rules)).toBe(false)
  expect(isServiceUrlAllowed('http://127.0.0.1:9/', rules)).toBe(true)
})
