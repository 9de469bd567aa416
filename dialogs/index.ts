import type { Conversation } from '../src/bot/contract'
import { answersFrom } from './answers/dialog'
import { loadPages, pagesFolder } from './answers/pages'
import { cancelNothing } from './cancel/dialog'
import { changeLanguage } from './change-language/dialog'
import { helpAbout } from './help/dialog'
import { linkAccount } from './link-account/dialog'
import { messagesOnOff } from './messages-on-off/dialog'
import { myCoupons } from './my-coupons/dialog'
import { myOrders } from './my-orders/dialog'
import { noneOfThese } from './none-of-these/dialog'
import { pointsBalance } from './points-balance/dialog'
import { pointsHistory } from './points-history/dialog'
import { rateService } from './rate-service/dialog'
import { recommendDialog } from './recommend/dialog'
import { redeemCouponDialog } from './redeem-coupon/dialog'
import { redemptionDispute } from './redemption-dispute/dialog'
import { smallTalk } from './small-talk/dialog'
import { talkToPerson } from './talk-to-person/dialog'
import { tierStatus } from './tier-status/dialog'
import { unlinkAccount } from './unlink-account/dialog'

/** What the bot can talk about, in the order of the help menu. A new conversation is one line here. */
const topics: readonly Conversation[] = [
  pointsBalance,
  redeemCouponDialog,
  myCoupons,
  myOrders,
  recommendDialog,
  answersFrom(loadPages(pagesFolder()), { titleOf: (id, locale) => titleOf(id)?.[locale] }),
  talkToPerson,
  pointsHistory,
  tierStatus,
  linkAccount,
  unlinkAccount,
  messagesOnOff,
  redemptionDispute,
  rateService,
  changeLanguage,
  smallTalk,
  noneOfThese,
  cancelNothing,
]

/** Every conversation. */
export const conversations: readonly Conversation[] = [...topics, helpAbout(topics)]

function titleOf(id: string) {
  return topics.find((topic) => topic.id === id)?.menuTitle
}
