import type { Locale } from '../shared/locale'
import type { CampaignStatus } from './shapes'

/** Every word of the managers' pages. */
export interface ManagerWords {
  readonly campaigns: string
  readonly jobs: string
  readonly pages: string
  readonly otherLanguage: string
  readonly leave: string
  readonly loading: string
  readonly failed: string
  readonly again: string
  readonly signInNeeded: string
  readonly roleNeeded: string
  readonly signInTitle: string
  readonly signIn: string
  readonly unknownCampaign: string
  readonly keyTitle: string
  readonly keyNote: string
  readonly keyLabel: string
  readonly keyWrong: string
  readonly enter: string
  readonly noCampaigns: string
  readonly noCampaignsNote: string
  readonly name: string
  readonly status: string
  readonly members: string
  readonly sent: string
  readonly back: string
  readonly statuses: Readonly<Record<CampaignStatus, string>>
  readonly until: (day: string) => string
  readonly notCounted: string
  readonly clearlyMore: (difference: string, low: string, high: string) => string
  readonly clearlyLess: (difference: string, low: string, high: string) => string
  readonly unclear: (low: string, high: string) => string
  readonly notEnough: (have: number, need: number) => string
  readonly noVariation: string
  readonly anyLook: string
  readonly unfair: string
  readonly net: (estimate: string, low: string, high: string) => string
  readonly overTime: string
  readonly overTimeNote: string
  readonly asTable: string
  readonly day: string
  readonly lift: string
  readonly interval: string
  readonly byArm: string
  readonly bySegment: string
  readonly arm: string
  readonly segment: string
  readonly control: string
  readonly buyers: string
  readonly perMember: string
  readonly offerCost: string
  readonly moreBuyers: string
  readonly preview: string
  readonly previewNote: string
  readonly audience: (members: number, outOfReach: number) => string
  readonly noJobs: string
  readonly job: string
  readonly nextRun: string
  readonly lastRuns: string
  readonly never: string
  readonly runStatuses: Readonly<Record<'running' | 'done' | 'failed' | 'skipped', string>>
  /** By the reason that the server gives (core/jobs/runs). */
  readonly skipReasons: Readonly<Record<string, string>>
  /** Rows of tables that are no offer and no group of the merchant's. */
  readonly otherRows: Readonly<Record<string, string>>
}

export const managerWords: Readonly<Record<Locale, ManagerWords>> = {
  en: {
    campaigns: 'Campaigns',
    jobs: 'Jobs',
    pages: 'Pages',
    otherLanguage: '中文',
    leave: 'Forget the key',
    loading: 'Loading …',
    failed: 'The server can’t be reached right now.',
    again: 'Try again',
    signInNeeded: 'These pages are for managers who are signed in.',
    roleNeeded: 'Your role does not open these pages: they are for managers.',
    signInTitle: 'For managers',
    signIn: 'Sign in at the console',
    unknownCampaign: 'There is no campaign of this code.',
    keyTitle: 'Access key',
    keyNote:
      'Whoever runs the server has set it as REGULARS_MANAGER_KEY. It is kept while this tab is open. Managers can sign in instead.',
    keyLabel: 'Key',
    keyWrong: 'That is not the key.',
    enter: 'Enter',
    noCampaigns: 'No campaigns yet',
    noCampaignsNote: 'Write one as a file and put it in with “npm run regulars -- campaigns put FILE”.',
    name: 'Name',
    status: 'Status',
    members: 'Members',
    sent: 'Messages sent',
    back: 'All campaigns',
    statuses: { draft: 'draft', review: 'in review', running: 'running', paused: 'paused', ended: 'ended' },
    until: (day) => `Orders up to ${day}`,
    notCounted: 'Nothing was counted yet. Outcomes are gathered every night.',
    clearlyMore: (difference, low, high) =>
      `Members with a message spent ${difference} more each than those without (between ${low} and ${high}).`,
    clearlyLess: (difference, low, high) =>
      `Members with a message spent ${difference} less each than those without (between ${low} and ${high}).`,
    unclear: (low, high) => `Nothing clear yet: the effect on a member’s spend lies between ${low} and ${high}.`,
    notEnough: (have, need) => `Not enough data yet: ${have} of the ${need} members needed in each arm.`,
    noVariation: 'Not enough data yet: nobody has bought anything since.',
    anyLook: 'The range holds with 95 % confidence, however often you look.',
    unfair:
      'The members were not dealt to the arms as planned. Something is wrong with the campaign, and its figures cannot be trusted.',
    net: (estimate, low, high) => `In all, after the cost of the offers: ${estimate} (between ${low} and ${high}).`,
    overTime: 'Effect over time',
    overTimeNote: 'More (or less) spent by a member because of the message, with its range',
    asTable: 'As a table',
    day: 'Day',
    lift: 'Effect a member',
    interval: 'Range',
    byArm: 'By offer',
    bySegment: 'By segment',
    arm: 'Offer',
    segment: 'Segment',
    control: 'No message (control)',
    buyers: 'Bought',
    perMember: 'Spent a member',
    offerCost: 'Cost of offers',
    moreBuyers: 'More buyers in 100',
    preview: 'What members see',
    previewNote: 'As the first message to a member called Ada. The buttons do nothing here.',
    audience: (members, outOfReach) => {
      const said =
        members === 1
          ? 'Besides those in it, the campaign can write to 1 member right now.'
          : `Besides those in it, the campaign can write to ${members.toLocaleString('en-GB')} members right now.`
      if (outOfReach === 0) return said
      const left = `${outOfReach.toLocaleString('en-GB')} more it is meant for`
      return `${said} ${left} agreed to no such message in a chat, had one lately, or are held out of all campaigns.`
    },
    noJobs: 'No jobs are known.',
    job: 'Job',
    nextRun: 'Next run',
    lastRuns: 'Last runs',
    never: 'never ran',
    runStatuses: { running: 'running', done: 'done', failed: 'failed', skipped: 'skipped' },
    skipReasons: {
      'first-seen': 'The job was new: it starts with its next time.',
      'nobody-there': 'The server was not running at its time.',
      'still-running': 'The run before was not over yet.',
    },
    otherRows: { message: 'The message', unknown: 'Not in a segment yet' },
  },
  zh: {
    campaigns: '营销活动',
    jobs: '定时任务',
    pages: '页面',
    otherLanguage: 'English',
    leave: '清除密钥',
    loading: '加载中…',
    failed: '暂时连不上服务器。',
    again: '重试',
    signInNeeded: '这些页面仅供已登录的经理查看。',
    roleNeeded: '您的角色无法打开这些页面，仅供经理查看。',
    signInTitle: '仅供经理查看',
    signIn: '前往工作台登录',
    unknownCampaign: '没有这个编号的活动。',
    keyTitle: '访问密钥',
    keyNote: '密钥由服务器管理员通过 REGULARS_MANAGER_KEY 设置，仅在此标签页打开期间保存。经理也可以直接登录。',
    keyLabel: '密钥',
    keyWrong: '密钥不正确。',
    enter: '进入',
    noCampaigns: '还没有活动',
    noCampaignsNote: '把活动写成文件，用“npm run regulars -- campaigns put FILE”导入。',
    name: '名称',
    status: '状态',
    members: '会员数',
    sent: '已发送消息',
    back: '全部活动',
    statuses: { draft: '草稿', review: '审核中', running: '进行中', paused: '已暂停', ended: '已结束' },
    until: (day) => `订单统计至 ${day}`,
    notCounted: '尚无统计结果，效果数据每晚汇总一次。',
    clearlyMore: (difference, low, high) => `收到消息的会员人均多消费 ${difference}（区间 ${low} 至 ${high}）。`,
    clearlyLess: (difference, low, high) => `收到消息的会员人均少消费 ${difference}（区间 ${low} 至 ${high}）。`,
    unclear: (low, high) => `目前还看不出明确效果：对人均消费的影响在 ${low} 至 ${high} 之间。`,
    notEnough: (have, need) => `数据还不够：每组需要 ${need} 位会员，目前有 ${have} 位。`,
    noVariation: '数据还不够：之后还没有人下单。',
    anyLook: '无论查看多少次，该区间的置信度都是 95%。',
    unfair: '会员没有按计划的比例分组，活动存在问题，以下数据不可信。',
    net: (estimate, low, high) => `扣除优惠成本后合计：${estimate}（区间 ${low} 至 ${high}）。`,
    overTime: '效果走势',
    overTimeNote: '消息使会员人均多（或少）消费的金额及其区间',
    asTable: '以表格查看',
    day: '日期',
    lift: '人均效果',
    interval: '区间',
    byArm: '按优惠',
    bySegment: '按分群',
    arm: '优惠',
    segment: '分群',
    control: '不发消息（对照组）',
    buyers: '下单人数',
    perMember: '人均消费',
    offerCost: '优惠成本',
    moreBuyers: '每百人多下单',
    preview: '会员看到的消息',
    previewNote: '这是名叫 Ada 的会员收到的第一条消息的样子。此处按钮不起作用。',
    audience: (members, outOfReach) => {
      const said = `除已加入的会员外，目前还可以向 ${members.toLocaleString('zh-CN')} 位会员发送。`
      if (outOfReach === 0) return said
      return `${said}另有 ${outOfReach.toLocaleString('zh-CN')} 位符合条件，但未在聊天中同意接收此类消息、近期已收到过消息，或属于不参加任何活动的对照组。`
    },
    noJobs: '没有任务。',
    job: '任务',
    nextRun: '下次运行',
    lastRuns: '最近运行',
    never: '从未运行',
    runStatuses: { running: '运行中', done: '完成', failed: '失败', skipped: '跳过' },
    skipReasons: {
      'first-seen': '新任务，将从下一次开始运行。',
      'nobody-there': '到点时服务器没有运行。',
      'still-running': '上一次运行尚未结束。',
    },
    otherRows: { message: '消息', unknown: '尚未分群' },
  },
}
