import type { CannedReply, MemberPicture } from '../../../http/api/console/types'
import { type Loaded, useLoaded } from './use-loaded'

interface PictureBody {
  readonly member: MemberPicture | null
}

/** The customer of a conversation; null for a stranger. */
export function usePicture(requestId: number): { loaded: Loaded<PictureBody>; reload: () => void } {
  return useLoaded<PictureBody>(`requests/${requestId}/member`)
}

/** The canned replies that one may use. */
export function useCanned(): { loaded: Loaded<{ replies: readonly CannedReply[] }>; reload: () => void } {
  return useLoaded<{ replies: readonly CannedReply[] }>('canned')
}
