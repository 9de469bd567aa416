import type { Words } from './replies.en'

export const zh: Words = {
  menuTitle: '转人工客服',
  recorded: '已经帮您登记，进入人工客服队列。目前没有同事在线实时聊天：同事看到您的请求后，会在这里回复您。',
  recordedByMail:
    '已经帮您登记，进入人工客服队列。目前没有同事在线实时聊天：同事看到您的请求后，会在这里或通过邮件回复您。',
  already: '您已经在队列里了，位置为您保留，同事会在这里回复您。',
  meanwhile: '在此期间，我也可以继续帮您。',
  contact: '其他联系方式',
  help: '你能做什么？',
}
