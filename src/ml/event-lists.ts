/**
 * Events of members, in time order: those of member m are the places start[m] … start[m + 1] − 1 of `day` (whole days on
 * any common axis) and `value`.
 */
export interface EventLists {
  readonly start: Uint32Array
  readonly day: Float64Array
  readonly value: Float64Array
}

/** Collects events in any order; `finish` deals them to their members and sorts them. */
export class EventCollector {
  private count = 0
  private member = new Int32Array(1024)
  private day = new Int32Array(1024)
  private value = new Float64Array(1024)

  add(member: number, day: number, value: number): void {
    if (this.count === this.member.length) this.grow()
    this.member[this.count] = member
    this.day[this.count] = day
    this.value[this.count] = value
    this.count += 1
  }

  private grow(): void {
    const size = 2 * this.member.length
    const [member, day, value] = [new Int32Array(size), new Int32Array(size), new Float64Array(size)]
    member.set(this.member)
    day.set(this.day)
    value.set(this.value)
    Object.assign(this, { member, day, value })
  }

  /** `mergeDays`: events of one member on one day become one, their values added. */
  finish(members: number, { mergeDays }: { mergeDays: boolean }): EventLists {
    const start = new Uint32Array(members + 1)
    for (let i = 0; i < this.count; i++) start[this.member[i]! + 1]! += 1
    for (let m = 0; m < members; m++) start[m + 1]! += start[m]!
    const next = start.slice()
    const day = new Float64Array(this.count)
    const value = new Float64Array(this.count)
    for (let i = 0; i < this.count; i++) {
      const place = next[this.member[i]!]!
      next[this.member[i]!] = place + 1
      day[place] = this.day[i]!
      value[place] = this.value[i]!
    }
    for (let m = 0; m < members; m++) sortByDay(day, value, start[m]!, start[m + 1]!)
    return mergeDays ? merged({ start, day, value }) : { start, day, value }
  }
}

/** Up to so many events are sorted by insertion: most members have few, and they mostly come in order. */
const INSERTION_MAX = 48

function sortByDay(day: Float64Array, value: Float64Array, from: number, to: number): void {
  if (to - from > INSERTION_MAX) {
    const order = Array.from({ length: to - from }, (_, i) => from + i).sort((a, b) => day[a]! - day[b]! || a - b)
    const days = Float64Array.from(order, (i) => day[i]!)
    value.set(
      order.map((i) => value[i]!),
      from,
    )
    day.set(days, from)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const [ownDay, ownValue] = [day[i]!, value[i]!]
    let place = i
    while (place > from && day[place - 1]! > ownDay) {
      day[place] = day[place - 1]!
      value[place] = value[place - 1]!
      place -= 1
    }
    day[place] = ownDay
    value[place] = ownValue
  }
}

function merged({ start, day, value }: EventLists): EventLists {
  const members = start.length - 1
  let to = 0
  let from = 0
  for (let m = 0; m < members; m++) {
    const end = start[m + 1]!
    const first = to
    for (; from < end; from++) {
      if (to > first && day[to - 1] === day[from]) {
        value[to - 1]! += value[from]!
        continue
      }
      day[to] = day[from]!
      value[to] = value[from]!
      to += 1
    }
    start[m + 1] = to
  }
  return { start, day: day.subarray(0, to), value: value.subarray(0, to) }
}

/** The place after the member's last event before `cut`. */
export function endBeforeCut({ start, day }: EventLists, member: number, cut: number): number {
  let end = start[member + 1]!
  while (end > start[member]! && day[end - 1]! >= cut) end -= 1
  return end
}

/** The lists of these members, in this order. */
export function selectLists({ start, day, value }: EventLists, members: readonly number[]): EventLists {
  const starts = new Uint32Array(members.length + 1)
  members.forEach((member, m) => {
    starts[m + 1] = starts[m]! + start[member + 1]! - start[member]!
  })
  const chosen = { start: starts, day: new Float64Array(starts.at(-1)!), value: new Float64Array(starts.at(-1)!) }
  members.forEach((member, m) => {
    chosen.day.set(day.subarray(start[member]!, start[member + 1]!), starts[m]!)
    chosen.value.set(value.subarray(start[member]!, start[member + 1]!), starts[m]!)
  })
  return chosen
}
