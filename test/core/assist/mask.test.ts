import { maskPersonal } from '../../../src/core/assist/mask'

describe('what of a conversation another agent may read', () => {
  test.each([
    ['Hi Ada, your parcel A1003 left today.', 'Hi [name], your parcel [code] left today.'],
    ['Dear Ms Lovelace, we wrote to ada@example.com.', 'Dear Ms [name], we wrote to [e-mail].'],
    ['Use the code 7K2M-93QX-AB12-PQRS at the till.', 'Use the code [code] at the till.'],
    ['Call +44 7700 900123 or (020) 7946 0958.', 'Call [number] or [number].'],
    ['I sent it to 12 Rose Garden Lane, SW1A 2BB.', 'I sent it to [address], [code] [code].'],
    ['You have 12,400 points and £18.50 to come.', 'You have [number] points and £18.50 to come.'],
    ['It takes 3-5 working days, 24h at the latest.', 'It takes 3-5 working days, 24h at the latest.'],
    ['See https://shop.example/o/1?m=M1 please.', 'See [link] please.'],
    ['Hello Zoë, done. Kind regards, Ben Okafor', 'Hello [name], done. Kind regards, [name]'],
    ['Hi there, we have refunded it.', 'Hi there, we have refunded it.'],
  ])('%s', (text, masked) => {
    expect(maskPersonal(text, { names: ['Ada Lovelace'], locale: 'en' })).toBe(masked)
  })

  test.each([
    ['王小明您好，您的订单A1003已发货。', '[姓名]您好，您的订单[编号]已发货。'],
    ['电话13812345678，寄到南京西路1266号恒隆广场3楼。', '电话[号码]，[地址]。'],
    ['退款会在3到5个工作日内到账。', '退款会在3到5个工作日内到账。'],
    ['已补发500积分，谢谢。', '已补发[号码]积分，谢谢。'],
  ])('%s', (text, masked) => {
    expect(maskPersonal(text, { names: ['王小明'], locale: 'zh' })).toBe(masked)
  })
})
