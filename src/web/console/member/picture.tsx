import { Progress } from '@mantine/core'
import type { MemberPicture } from '../../../http/api/console/types'
import { useLocale, useWords } from '../data/language'
import { day, money, percent, whole } from '../model/spans'
import { Icon } from '../parts/icons'
import { deskWords } from '../words/desk'
import { memberWords } from '../words/member'
import { Block, Fact } from './block'

/** Everything known of a member that helps to serve them. */
export function Picture({ member }: { member: MemberPicture }) {
  const words = useWords(memberWords)
  const locale = useLocale()
  return (
    <div className="picture">
      <header className="picture-head">
        <h2 dir="auto">{member.displayName ?? member.memberId}</h2>
        <p className="fine">
          {member.memberId} · {words.since(day(member.joinedAt, locale))}
        </p>
        {member.email !== null && (
          <p className="fine" dir="ltr">
            {member.email}
          </p>
        )}
      </header>
      <PointsAndTier member={member} />
      <Risk member={member} />
      {member.likelyNext.length > 0 && (
        <Block title={words.likelyNext}>
          <ul className="rows">
            {member.likelyNext.map(({ name, reason }) => (
              <li key={name.en}>
                <span>{name[locale]}</span>
                <span className="fine">{reason[locale]}</span>
              </li>
            ))}
          </ul>
        </Block>
      )}
      <Orders member={member} />
      <Coupons member={member} />
      <Past member={member} />
      <Consents member={member} />
    </div>
  )
}

function PointsAndTier({ member }: { member: MemberPicture }) {
  const words = useWords(memberWords)
  const locale = useLocale()
  const { available, pending, held, soonestExpiry } = member.points
  const { name, next } = member.tier
  const more = [pending > 0 && words.pending(whole(pending, locale)), held > 0 && words.held(whole(held, locale))]
  return (
    <div className="tiles">
      <div className="tile">
        <span className="tile-name">{words.points}</span>
        <strong>{whole(available, locale)}</strong>
        <span className="fine">{more.filter(Boolean).join(' · ') || words.available}</span>
        {soonestExpiry && (
          <span className="fine">
            {words.expiring(whole(soonestExpiry.points, locale), day(soonestExpiry.at, locale))}
          </span>
        )}
      </div>
      <div className="tile">
        <span className="tile-name">{words.tier}</span>
        <strong>{name[locale]}</strong>
        <span className="fine">
          {next ? words.toNext(money(next.missingMinor, member.currency, locale), next.name[locale]) : words.topTier}
        </span>
      </div>
    </div>
  )
}

/** From here on one may speak of danger. */
const [someRisk, highRisk] = [0.35, 0.65]

function Risk({ member }: { member: MemberPicture }) {
  const words = useWords(memberWords)
  const locale = useLocale()
  const { churn } = member
  const facts = (['segment', 'stage', 'strategy'] as const).flatMap((key) => {
    const value = member[key]
    return value === null ? [] : [{ key, value: value[locale] }]
  })
  return (
    <Block title={words.churn}>
      {churn === null ? (
        <p className="fine">{words.notScored}</p>
      ) : (
        <>
          <div className="risk">
            <Progress
              value={100 * churn.risk}
              color={churn.risk > highRisk ? 'red' : churn.risk > someRisk ? 'yellow' : 'regulars'}
              aria-label={words.churn}
            />
            <strong>{percent(churn.risk, locale)}</strong>
          </div>
          <ul className="why">
            {churn.reasons.map((reason) => (
              <li key={reason.en}>{reason[locale]}</li>
            ))}
          </ul>
          {churn.valueAtStakeMinor !== null && (
            <p className="fine">{words.atStake(money(churn.valueAtStakeMinor, member.currency, locale))}</p>
          )}
        </>
      )}
      {facts.length > 0 && (
        <dl className="facts">
          {facts.map(({ key, value }) => (
            <Fact key={key} name={words[key]} value={value} />
          ))}
        </dl>
      )}
    </Block>
  )
}

function Orders({ member }: { member: MemberPicture }) {
  const words = useWords(memberWords)
  const locale = useLocale()
  return (
    <Block title={words.orders} count={member.orders.length}>
      {member.orders.length === 0 ? (
        <p className="fine">{words.noOrders}</p>
      ) : (
        <ul className="rows">
          {member.orders.map(({ id, placedAt, status, totalMinor, currency, items }) => (
            <li key={id}>
              <details>
                <summary>
                  <span>
                    {id} <span className="fine">{day(placedAt, locale)}</span>
                  </span>
                  <span className="row-end">
                    {money(totalMinor, currency, locale)}
                    <span className="chip plain">{words.statuses[status] ?? status}</span>
                  </span>
                </summary>
                <ul className="items">
                  {items.map(({ name, quantity }) => (
                    <li key={name.en}>
                      {quantity} × {name[locale]}
                    </li>
                  ))}
                </ul>
              </details>
            </li>
          ))}
        </ul>
      )}
    </Block>
  )
}

function Coupons({ member }: { member: MemberPicture }) {
  const words = useWords(memberWords)
  const locale = useLocale()
  return (
    <Block title={words.coupons} count={member.coupons.length}>
      {member.coupons.length === 0 ? (
        <p className="fine">{words.noCoupons}</p>
      ) : (
        <ul className="rows">
          {member.coupons.map(({ code, name, status, expiresAt }) => (
            <li key={code}>
              <span className="row-split">
                <span>{name[locale]}</span>
                <span className="chip plain">{words.statuses[status] ?? status}</span>
              </span>
              <span className="fine">
                <code>{code}</code> · {words.until(day(expiresAt, locale))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Block>
  )
}

function Past({ member }: { member: MemberPicture }) {
  const words = useWords(memberWords)
  const desk = useWords(deskWords)
  const locale = useLocale()
  return (
    <Block title={words.past} count={member.past.length}>
      {member.past.length === 0 ? (
        <p className="fine">{words.noPast}</p>
      ) : (
        <ul className="rows">
          {member.past.map(({ id, requestedAt, reason, said, resolution, csatScore, staff }) => (
            <li key={id}>
              <a href={`#/desk/${id}`} className="past">
                <span className="row-split">
                  <span>{day(requestedAt, locale)}</span>
                  <span className="fine">
                    {desk.reasons[reason as keyof typeof desk.reasons] ?? reason}
                    {staff !== null && ` · ${staff}`}
                  </span>
                </span>
                <span className="past-said" dir="auto">
                  {said}
                </span>
                <span className="fine">
                  {[
                    resolution !== null && (words.statuses[resolution] ?? resolution),
                    csatScore !== null && words.csat(csatScore),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </Block>
  )
}

function Consents({ member }: { member: MemberPicture }) {
  const words = useWords(memberWords)
  return (
    <Block title={words.consents}>
      {member.consents.length === 0 ? (
        <p className="fine">{words.noConsents}</p>
      ) : (
        <ul className="consents">
          {member.consents.map(({ kind, channel, status }) => {
            const isGiven = status === 'granted' || status === 'given'
            return (
              <li key={`${kind} ${channel}`} data-given={isGiven}>
                <Icon name={isGiven ? 'check' : 'close'} size={14} />
                {words.consentKinds[kind] ?? kind} · {channel}: {isGiven ? words.yes : words.no}
              </li>
            )
          })}
        </ul>
      )}
    </Block>
  )
}
