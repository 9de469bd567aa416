import { Button, Group, Modal, NumberInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Assist } from '../../../http/api/console/types'
import { newClientId } from '../../chat/model/backoff'
import { post } from '../data/ask'
import { useLocale, useWords } from '../data/language'
import { whole } from '../model/spans'
import { Icon } from '../parts/icons'
import { useTell } from '../parts/tell'
import { memberWords } from '../words/member'
import { shellWords } from '../words/shell'
import { Block } from './block'

/** Something that is about to be given. Its key is made once, so that a second press gives nothing twice. */
interface Gift {
  readonly key: string
  readonly path: 'goodwill' | 'coupons'
  readonly body: object
  readonly says: string
}

/** Goodwill points and coupons within the limit of the role; nothing is given without a second press. */
export function GivePanel(props: {
  requestId: number
  assist: Assist
  isMine: boolean
  name: string
  onGiven: () => void
}) {
  const { requestId, assist, isMine, name, onGiven } = props
  const words = useWords(memberWords)
  const locale = useLocale()
  const { leftPoints, limitPoints } = assist.goodwill
  const [gift, setGift] = useState<Gift>()
  const [given, setGiven] = useState(0)
  return (
    <Block title={words.give}>
      <p className="fine">
        {isMine ? words.limitLeft(whole(leftPoints, locale), whole(limitPoints, locale)) : words.notYours}
      </p>
      {isMine && limitPoints > 0 && (
        <GoodwillForm key={given} goodwill={assist.goodwill} name={name} onOffer={setGift} />
      )}
      {isMine && assist.coupons.length > 0 && <Coupons coupons={assist.coupons} name={name} onOffer={setGift} />}
      <ConfirmGift
        requestId={requestId}
        gift={gift}
        onClose={() => setGift(undefined)}
        onGiven={() => {
          setGiven(given + 1)
          onGiven()
        }}
      />
    </Block>
  )
}

function GoodwillForm(props: { goodwill: Assist['goodwill']; name: string; onOffer: (gift: Gift) => void }) {
  const { goodwill, name, onOffer } = props
  const { suggestedPoints, leftPoints } = goodwill
  const words = useWords(memberWords)
  const locale = useLocale()
  const [points, setPoints] = useState<number | string>(Math.min(suggestedPoints, leftPoints) || '')
  const [reason, setReason] = useState('')
  const offer = (event: FormEvent): void => {
    event.preventDefault()
    const body = { points: Number(points), reason: reason.trim() }
    const says = words.givePoints(whole(body.points, locale), name)
    onOffer({ key: newClientId(), path: 'goodwill', body, says })
  }
  return (
    <form className="goodwill" onSubmit={offer}>
      <NumberInput
        label={words.goodwill}
        size="xs"
        min={1}
        max={leftPoints}
        allowDecimal={false}
        allowNegative={false}
        clampBehavior="strict"
        hideControls
        value={points}
        onChange={setPoints}
      />
      <TextInput
        label={words.goodwillReason}
        size="xs"
        maxLength={200}
        title={words.goodwillReasonNote}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button
        type="submit"
        size="xs"
        variant="light"
        leftSection={<Icon name="gift" size={15} />}
        disabled={Number(points) < 1 || Number(points) > leftPoints || reason.trim() === ''}
      >
        {words.giveCoupon}
      </Button>
    </form>
  )
}

function Coupons(props: { coupons: Assist['coupons']; name: string; onOffer: (gift: Gift) => void }) {
  const { coupons, name, onOffer } = props
  const words = useWords(memberWords)
  const locale = useLocale()
  return (
    <ul className="rows gifts">
      {coupons.map(({ couponId, name: coupon, why }) => (
        <li key={couponId}>
          <span className="row-split">
            <span>{coupon[locale]}</span>
            <Button
              size="compact-xs"
              variant="light"
              aria-label={words.giveCouponNamed(coupon[locale])}
              onClick={() =>
                onOffer({
                  key: newClientId(),
                  path: 'coupons',
                  body: { couponId },
                  says: words.giveCouponTo(coupon[locale], name),
                })
              }
            >
              {words.giveCoupon}
            </Button>
          </span>
          <span className="fine">{why[locale]}</span>
        </li>
      ))}
    </ul>
  )
}

function ConfirmGift(props: { requestId: number; gift: Gift | undefined; onClose: () => void; onGiven: () => void }) {
  const { requestId, gift, onClose, onGiven } = props
  const words = useWords(memberWords)
  const shell = useWords(shellWords)
  const tell = useTell()
  const [busy, setBusy] = useState(false)
  const give = async ({ key, path, body }: Gift): Promise<void> => {
    setBusy(true)
    const answer = await post(`requests/${requestId}/${path}`, { key, ...body })
    setBusy(false)
    if (!answer.ok) {
      // Without an answer the same press may be made again: its key is the same.
      if (answer.status !== 0) onClose()
      return tell.refused(answer)
    }
    onClose()
    tell.done(words.given)
    onGiven()
  }
  return (
    <Modal
      opened={gift !== undefined}
      onClose={onClose}
      title={words.giveTitle}
      closeButtonProps={{ 'aria-label': shell.close }}
    >
      <p className="dialog-says strong">{gift?.says}</p>
      <p className="fine">{words.giveNote}</p>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          {shell.cancel}
        </Button>
        <Button data-autofocus loading={busy} onClick={() => gift && void give(gift)}>
          {words.confirm}
        </Button>
      </Group>
    </Modal>
  )
}
