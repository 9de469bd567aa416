import { conversations } from '../dialogs'
import type { Wordings } from './bot/contract'

/** Every reply that has several wordings, for experiments on them. */
export const testableReplies: readonly Wordings[] = conversations.flatMap(({ wordings = [] }) => wordings)
